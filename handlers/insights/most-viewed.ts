import type { RouteContract } from "../../components/route-contract";
import type { CacheClient } from "../../components/sdk/cache";
import type { SqlClient } from "../../components/sdk/rds-data";
import { endpoint } from "../endpoint";
import { mostViewedReader, type Viewed } from "./counts";
import { viewedSchema } from "./routes";
import { daysUpTo } from "./view";

/** How old a list may be, and for how much longer it serves while a newer one is being made. */
const freshSeconds = 60;
const staleSeconds = 60;

/** Answers a route for the most viewed photos from the cache, which it fills from the database. */
export const mostViewed = (
  contract: RouteContract<undefined, { readonly days: string; readonly limit: number }, undefined>,
  database: SqlClient,
  cache: CacheClient,
) => {
  const read = mostViewedReader(database);
  return endpoint(contract, async ({ query: { days, limit } }) => {
    const photos: Viewed[] = await cache.ReadThrough({
      key: `most-viewed/${days}`,
      ttlSeconds: freshSeconds,
      staleSeconds,
      read: () => read(daysUpTo(Date.now(), Number(days))),
      parse: (kept) => viewedSchema().parse(kept),
    });
    return { status: 200, body: { photos: photos.slice(0, limit) } };
  });
};
