import * as z from "zod";
import { routeContract } from "../../components/route-contract";
import { longestList } from "./counts";
import { newViewSchema } from "./view";

const days = (most: number) => z.coerce.number().int().min(1).max(most);

const mostViewedQuery = () =>
  z.strictObject({
    days: z.enum(["1", "7", "30"]).default("7").describe("How many days up to now count"),
    limit: z.coerce.number().int().min(1).max(longestList).default(20).describe("Most photos of the list"),
  });

/** Photos of a list, as the API shows and the cache holds them. */
export const viewedSchema = () =>
  z.array(
    z.object({
      id: z.uuid(),
      title: z.string(),
      owner: z.string().describe("`sub` of the user who published it"),
      views: z.int(),
    }),
  );

const mostViewedSchema = () => z.object({ photos: viewedSchema() }).meta({ id: "MostViewed" });

export const postView = routeContract({
  id: "postView",
  method: "POST",
  path: "/views",
  summary: "Tell that a photo was looked at; counted within seconds",
  access: "anyone",
  body: newViewSchema,
  responses: {
    202: {
      description: "Stored; it will be counted",
      schema: () => z.object({ id: z.string().describe("Of the request") }).meta({ id: "ViewStored" }),
    },
  },
});

export const listMostViewed = routeContract({
  id: "listMostViewed",
  method: "GET",
  path: "/most-viewed",
  summary: "List the photos that were looked at most; up to two minutes old",
  access: "anyone",
  query: mostViewedQuery,
  responses: { 200: { description: "Most viewed first", schema: mostViewedSchema } },
});

export const partnerMostViewed = routeContract({
  id: "partnerMostViewed",
  method: "GET",
  path: "/partners/most-viewed",
  summary: "List the photos that were looked at most, for partners with a key; up to three minutes old",
  access: "key",
  query: mostViewedQuery,
  responses: { 200: { description: "Most viewed first", schema: mostViewedSchema } },
});

export const readPhotoViews = routeContract({
  id: "readPhotoViews",
  method: "GET",
  path: "/photos/{id}/views",
  summary: "Read how often a photo was looked at on each day",
  access: "anyone",
  pathParameters: () => z.strictObject({ id: z.uuid() }),
  query: () => z.strictObject({ days: days(366).default(30).describe("How many days up to now, in UTC") }),
  responses: {
    200: {
      description: "Oldest day first, days without a view as well",
      schema: () =>
        z
          .object({ days: z.array(z.object({ day: z.iso.date(), views: z.int() })) })
          .meta({ id: "PhotoViews" }),
    },
    404: { description: "No such photo" },
  },
});

/** Most days of a report. */
const longestReportDays = 366;

export const makeReport = routeContract({
  id: "makeReport",
  method: "POST",
  path: "/reports",
  summary: "Make a table of all views by photo and day, as CSV, for a while behind a link",
  access: "user",
  group: "admins",
  body: () =>
    z
      .strictObject({ from: z.iso.date(), to: z.iso.date().describe("The last day, in UTC") })
      .refine(
        ({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < longestReportDays * 86_400_000,
        `to must be from or up to ${longestReportDays - 1} days later`,
      )
      .meta({ id: "NewReport" }),
  responses: {
    201: {
      description: "Made",
      schema: () =>
        z
          .object({
            url: z.url().describe("Serves the CSV without a token; keep it to yourself"),
            rows: z.int(),
            expiresAt: z.iso.datetime().describe("When the link stops serving"),
          })
          .meta({ id: "Report" }),
    },
    409: { description: "There are too many rows for one report; ask for fewer days" },
  },
});

/** All routes of the service. */
export const insightRoutes = { postView, listMostViewed, partnerMostViewed, readPhotoViews, makeReport };
