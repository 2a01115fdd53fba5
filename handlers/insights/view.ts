import * as z from "zod";

/** What a page tells when somebody looks at a photo. It says nothing of who looks. */
export const newViewSchema = () =>
  z
    .strictObject({
      photo: z.uuid().describe("Id of the photo"),
      id: z
        .uuid()
        .optional()
        .describe("Made by the client: a view that is posted again with it within two weeks counts once"),
    })
    .meta({ id: "NewView" });

/** A view as API Gateway puts it into the queue. */
export const storedViewSchema = () =>
  z.object({
    /** Milliseconds since 1970. */
    receivedAt: z.int().positive(),
    body: newViewSchema(),
  });

/** A view as the database keeps it. */
export interface View {
  readonly id: string;
  readonly photo: string;
  /** In UTC, as `2026-11-24`. */
  readonly day: string;
}

/** The calendar day of a time, in UTC. */
export const dayOf = (time: Date | number): string => new Date(time).toISOString().slice(0, 10);

/** So many days in UTC, ending with that of a time. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const daysUpTo = (time: Date | number, days: number): Period => ({
  from: dayOf(Number(time) - (days - 1) * 86_400_000),
  to: dayOf(time),
});

/**
 * Views are kept one by one for so many days, longer than queue and dead letters keep any: who delivers one again finds
 * it counted.
 */
export const openDays = 16;

/** Views that one statement deletes or moves at most: the Data API ends it after 45 s. */
export const slice = 20_000;
