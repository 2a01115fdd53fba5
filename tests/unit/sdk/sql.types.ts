// Compiled, not run: rows have the type that a statement says, and only what a database takes is a value.
import type { Executed, SqlClient } from "../../../components/sdk/rds-data";
import { day, json, sql, timestamp, uuid, written } from "../../../components/sdk/sql/statement";

const id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

export async function rows(client: SqlClient) {
  const found: { views: number }[] = await client.Query(sql<{ views: number }>`SELECT views FROM counts`);
  const inside: { views: number }[] = await client.Transaction(({ Query }) =>
    Query(sql<{ views: number }>`SELECT views FROM counts`),
  );
  const { updated }: Executed = await client.Execute(written("DELETE FROM counts"));
  await client.Batch([sql`INSERT INTO counts VALUES (${1})`, sql`INSERT INTO counts VALUES (${2})`]);

  // @ts-expect-error: a column that the rows do not have
  found[0]?.likes;
  // @ts-expect-error: nobody said what the rows are
  (await client.Query(sql`SELECT views FROM counts`))[0]?.views;
  // @ts-expect-error: rows of one type are none of another
  const others: { views: string }[] = await client.Query(sql<{ views: number }>`SELECT views FROM counts`);
  // @ts-expect-error: text alone is no statement, whoever made it
  await client.Query("SELECT views FROM counts");
  // @ts-expect-error: a batch has no rows
  (await client.Batch([sql`INSERT INTO counts VALUES (${1})`]))[0];
  // @ts-expect-error: the database is bound already
  await client.Query({ ...sql`SELECT 1`, resourceArn: "another" });
  // @ts-expect-error: a transaction within a transaction
  await client.Transaction(({ Transaction }) => Transaction(async () => {}));
  // @ts-expect-error: a batch within a transaction
  await client.Transaction(({ Batch }) => Batch([]));
  return [inside, others, updated];
}

export function values(given: { readonly title?: string }) {
  const title = given.title ?? null;
  sql`SELECT ${"a"}, ${1}, ${2n}, ${true}, ${title}, ${Uint8Array.of(1)}`;
  sql`SELECT ${uuid(id)}, ${day("2026-11-24")}, ${json({ a: [1] })}, ${timestamp(new Date(0))}, ${uuid(null)}`;

  // @ts-expect-error: an object is a value only as `json`
  sql`SELECT ${{ a: 1 }}`;
  // @ts-expect-error: so is a list
  sql`SELECT * FROM counts WHERE views IN (${[1, 2]})`;
  // @ts-expect-error: undefined might mean NULL, or a mistake
  sql`SELECT ${given.title}`;
  // @ts-expect-error: a time says as what it is kept
  sql`SELECT ${new Date(0)}`;
  // @ts-expect-error: a statement is no part of another
  sql`SELECT * FROM counts WHERE ${sql`views > 1`}`;
  // @ts-expect-error: nor is text that is written as it is
  sql`SELECT * FROM ${written("counts")}`;
  // @ts-expect-error: a function is not called by itself
  sql`SELECT ${() => 1}`;
  // @ts-expect-error: only a template is a statement
  sql(`SELECT ${1}`);
}
