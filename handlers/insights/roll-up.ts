import type { SqlClient } from "../../components/sdk/rds-data";
import { day, sql } from "../../components/sdk/sql/statement";
import { daysUpTo, openDays, slice } from "./view";

/**
 * Counts together the views of days that are closed, each night, a slice at a time. Each slice is moved by one statement:
 * run twice, or ended half-way, it counts none twice and loses none. Views of what is no photo are dropped.
 */
export const rollUp = (database: SqlClient) => async (): Promise<void> => {
  const { from } = daysUpTo(Date.now(), openDays);
  const hasMore = async () => {
    const [found] = await database.Query(
      sql<{ more: boolean }>`SELECT EXISTS (SELECT FROM views WHERE day < ${day(from)}) AS more`,
    );
    return found?.more === true;
  };
  while (await hasMore()) {
    await database.Execute(sql`
      WITH moved AS (
        DELETE FROM views
        WHERE id IN (SELECT id FROM views WHERE day < ${day(from)} LIMIT ${slice})
        RETURNING photo, day
      )
      INSERT INTO closed_views (photo, day, views)
      SELECT moved.photo, moved.day, count(*)
      FROM moved JOIN photos ON photos.id = moved.photo AND NOT photos.removed
      GROUP BY moved.photo, moved.day
      ON CONFLICT (photo, day) DO UPDATE SET views = closed_views.views + excluded.views`);
  }
};
