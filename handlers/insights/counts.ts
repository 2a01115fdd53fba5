import type { SqlClient } from "../../components/sdk/rds-data";
import { day, sql, uuid } from "../../components/sdk/sql/statement";
import { daysUpTo, type Period } from "./view";

/** A photo and how often it was looked at. */
export interface Viewed {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly views: number;
}

/** Most photos of a list; every shorter one is its beginning. */
export const longestList = 50;

/** The photos that were looked at most in a period, and not removed. */
export const mostViewedReader =
  (database: SqlClient) =>
  ({ from, to }: Period): Promise<Viewed[]> =>
    database.Query(sql<Viewed>`
      WITH parts AS (
        SELECT photo, views FROM closed_views WHERE day BETWEEN ${day(from)} AND ${day(to)}
        UNION ALL
        SELECT photo, count(*) FROM views WHERE day BETWEEN ${day(from)} AND ${day(to)} GROUP BY photo
      )
      SELECT photos.id, photos.title, photos.owner, sum(parts.views)::bigint AS views
      FROM parts JOIN photos ON photos.id = parts.photo
      WHERE NOT photos.removed
      GROUP BY photos.id
      ORDER BY views DESC, photos.id
      LIMIT ${longestList}`);

/** How often one was looked at on a day in UTC. */
export interface DayCount {
  readonly day: string;
  readonly views: number;
}

/** A photo's views for each of so many days up to now, oldest first; undefined where there is no such photo. */
export const photoViewsReader =
  (database: SqlClient) =>
  async (photo: string, days: number): Promise<DayCount[] | undefined> => {
    const { from, to } = daysUpTo(Date.now(), days);
    const counts = await database.Query(sql<DayCount>`
      WITH parts AS (
        SELECT day, views FROM closed_views WHERE photo = ${uuid(photo)}
        UNION ALL
        SELECT day, count(*) FROM views WHERE photo = ${uuid(photo)} GROUP BY day
      ), days AS (
        SELECT generate_series(${day(from)}, ${day(to)}, '1 day')::date AS day
      )
      SELECT days.day::text AS day, coalesce(sum(parts.views), 0)::bigint AS views
      FROM days LEFT JOIN parts ON parts.day = days.day
      WHERE EXISTS (SELECT FROM photos WHERE id = ${uuid(photo)} AND NOT removed)
      GROUP BY days.day
      ORDER BY days.day`);
    return counts.length === 0 ? undefined : counts;
  };
