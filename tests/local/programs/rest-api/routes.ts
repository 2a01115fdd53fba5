import * as z from "zod";
import { routeContract } from "../../../../components/route-contract";

export const postNote = routeContract({
  id: "postNote",
  method: "POST",
  path: "/notes",
  summary: "Store a note in the queue",
  access: "anyone",
  body: () =>
    z
      .strictObject({
        text: z.string().max(2_000_000),
        mood: z.enum(["good", "bad"]).optional(),
        place: z.object({ x: z.number(), name: z.string() }).optional(),
      })
      .meta({ id: "Note" }),
  responses: {},
});
export const postLimited = { ...postNote, id: "postLimited", path: "/limited" } as const;
export const postKeyed = { ...postNote, id: "postKeyed", path: "/keyed", access: "key" } as const;
/** The test takes its role's right away. */
export const postInVain = { ...postNote, id: "postInVain", path: "/vain" } as const;

export const postRecord = routeContract({
  id: "postRecord",
  method: "POST",
  path: "/records",
  summary: "Store a record in the stream",
  access: "anyone",
  body: () => z.strictObject({ who: z.string().min(1).max(100), text: z.string() }),
  responses: {},
});

export const readTop = routeContract({
  id: "readTop",
  method: "GET",
  path: "/albums/{album}/top",
  summary: "Read what is kept for a while",
  access: "anyone",
  pathParameters: () => z.strictObject({ album: z.string() }),
  query: () => z.strictObject({ days: z.enum(["1", "7"]).default("7") }),
  responses: {},
});
export const readPartnersTop = {
  ...readTop,
  id: "readPartnersTop",
  path: "/partners/{album}/top",
  access: "key",
} as const;
export const readQuota = routeContract({
  id: "readQuota",
  method: "GET",
  path: "/quota",
  summary: "Read as often as a key may",
  access: "key",
  responses: {},
});
export const fail = routeContract({
  id: "fail",
  method: "GET",
  path: "/fail",
  summary: "Fail",
  access: "anyone",
  responses: {},
});
