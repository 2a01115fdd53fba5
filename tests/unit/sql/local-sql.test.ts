import { InvalidArguments, parseArguments } from "../../../local/arguments";
import type { Resource } from "../../../local/engine/resource";
import { LocalSql, OneDatabase } from "../../../local/sql";
import { updatedBy } from "../../../local/sql/statement";
import { exchangeOf, signed, textOf } from "../front-door/exchange";

const options = { dataDir: "/nowhere", keep: false, log: "/nowhere/sql.log" };
const clusters = ["views", "prints"].map((name) => ({ type: "aws:rds/cluster:Cluster", name }) as Resource);

test("one address is for one cluster", () => {
  const sql = new LocalSql({ ...options, address: "postgres://me@localhost/gallery" });

  expect(() => sql.check(clusters.slice(1))).not.toThrow();
  expect(() => sql.check(clusters)).toThrow(OneDatabase);
  expect(() => new LocalSql(options).check(clusters)).not.toThrow();
});

test("a request of more than 4 MiB is refused before anything reads it", async () => {
  const sql = new LocalSql(options);
  const call = (bytes: number) =>
    exchangeOf({
      method: "POST",
      url: "/BatchExecute",
      headers: { authorization: signed("rds-data"), "content-length": String(bytes) },
    });

  const refused = sql.before(await call(4 * 1024 * 1024 + 1));

  expect(refused?.status).toBe(413);
  expect(await textOf(refused)).toContain("HTTP content length exceeded 4194304 bytes");
  expect(sql.before(await call(4 * 1024 * 1024))).toBeUndefined();
});

test.each([
  ["INSERT 0 3", 3],
  ["UPDATE 2", 2],
  ["DELETE 0", 0],
  ["MERGE 4", 4],
  ["SELECT 5", 0],
  ["CREATE TABLE", 0],
  ["", 0],
])("%j has changed %i rows", (tag, updated) => {
  expect(updatedBy({ columns: undefined, rows: [], tag })).toBe(updated);
});

test("the address of a database is taken as one", () => {
  const address = "postgres://me:secret@localhost:5432/gallery";

  expect(parseArguments(["--postgres", address])?.postgres).toBe(address);
  expect(parseArguments([])?.postgres).toBeUndefined();
  for (const wrong of [
    "localhost",
    "mysql://localhost/gallery",
    "postgres://localhost",
    "postgres://localhost/",
  ]) {
    expect(() => parseArguments(["--postgres", wrong])).toThrow(InvalidArguments);
  }
});
