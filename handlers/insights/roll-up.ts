import type { SqlClient } from "../../components/sdk/rds-data";
import { day, sql } from "../../components/sdk/sql/statement";
import { firstOf, openDays } from "./view";

/**
 * Counts together the views of days that are closed, each night. It moves them in one statement: run twice, or ended
 * half-way, it counts none twice and loses none.
 */
export const rollUp = (database: SqlClient) => async (): Promise<void> => {
  const { updated } = await database.Execute(sql`
    WITH moved AS (
      DELETE FROM views WHERE day < ${day(firstOf(openDays))} RETURNING photo, day
    )
    INSERT INTO closed_views (photo, day, views)
    SELECT photo, day, count(*) FROM moved GROUP BY photo, day
    ON CONFLICT (photo, day) DO UPDATE SET views = closed_views.views + excluded.views`);
  console.info("closed days were rolled up", { counts: updated });
};
