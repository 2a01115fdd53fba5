import * as crypto from "node:crypto";
import type { SqlClient } from "../../components/sdk/rds-data";
import type { ObjectsClient } from "../../components/sdk/s3";
import { day, sql, uuid } from "../../components/sdk/sql/statement";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { csv } from "./csv";
import { makeReport } from "./routes";

/** How long the link of a report serves. */
const linkSeconds = 900;
/** Rows of a page: the Data API answers with at most 1 MiB. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html */
const pageRows = 2000;
/** As many as can be read within the time that API Gateway waits. */
const maximumRows = 100_000;

interface ReportRow {
  readonly day: string;
  readonly photo: string;
  readonly title: string;
  readonly owner: string;
  readonly views: number;
}

const nobody = "00000000-0000-0000-0000-000000000000";

/** Puts the views of each photo and day into a CSV file, which a link serves for a while. */
export const report = (database: SqlClient, reports: ObjectsClient) => {
  const page = (from: string, to: string, after: Pick<ReportRow, "day" | "photo">) =>
    database.Query(sql<ReportRow>`
      WITH parts AS (
        SELECT day, photo, views FROM closed_views
        UNION ALL
        SELECT day, photo, count(*) FROM views GROUP BY day, photo
      )
      SELECT parts.day::text AS day, parts.photo, photos.title, photos.owner, sum(parts.views)::bigint AS views
      FROM parts JOIN photos ON photos.id = parts.photo
      WHERE parts.day BETWEEN ${day(from)} AND ${day(to)} AND NOT photos.removed
        AND (parts.day, parts.photo) > (${day(after.day)}, ${uuid(after.photo)})
      GROUP BY parts.day, parts.photo, photos.title, photos.owner
      ORDER BY parts.day, parts.photo
      LIMIT ${pageRows}`);

  return endpoint(makeReport, async ({ body: { from, to } }) => {
    const rows: ReportRow[] = [];
    let found: readonly ReportRow[];
    do {
      found = await page(from, to, rows.at(-1) ?? { day: from, photo: nobody });
      rows.push(...found);
      if (rows.length > maximumRows) {
        throw problem(409, `The report would have more than ${maximumRows} rows; ask for fewer days.`);
      }
    } while (found.length === pageRows);

    const Key = `reports/${crypto.randomUUID()}.csv`;
    await reports.PutObject({
      Key,
      Body: csv(
        ["day", "photo", "title", "owner", "views"],
        rows.map(({ day, photo, title, owner, views }) => [day, photo, title, owner, views]),
      ),
      ContentType: "text/csv; charset=utf-8",
      ContentDisposition: `attachment; filename="views-${from}-${to}.csv"`,
    });
    const expiresAt = new Date(Date.now() + linkSeconds * 1000).toISOString();
    const url = await reports.PresignGet({ Key, expiresSeconds: linkSeconds });
    return { status: 201, body: { url, rows: rows.length, expiresAt } };
  });
};
