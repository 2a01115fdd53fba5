import { migrate } from "../../../components/migrations";
import { sql } from "../../../components/sdk/sql/statement";
import { sqlDatabase } from "../handlers/sql-database";

let own: Awaited<ReturnType<typeof sqlDatabase>>;
beforeAll(async () => {
  own = await sqlDatabase();
});
afterAll(() => own.close());
beforeEach(() => own.client.Execute(sql`DROP TABLE IF EXISTS one, schema_migrations`));

describe("migrations", () => {
  const first = { name: "one", statements: ["CREATE TABLE one (a int)", "INSERT INTO one VALUES (1)"] };
  const second = { name: "two", statements: ["INSERT INTO one VALUES (2)"] };
  const rows = async () =>
    (await own.client.Query(sql<{ a: number }>`SELECT a FROM one ORDER BY a`)).map(({ a }) => a);

  test("each is run once, by whoever comes first, and later ones follow", async () => {
    expect(await migrate(own.client, [first])()).toEqual({ version: 1, applied: ["one"] });
    expect(await migrate(own.client, [first])()).toEqual({ version: 1, applied: [] });
    const both = await Promise.all([
      migrate(own.client, [first, second])(),
      migrate(own.client, [first, second])(),
    ]);
    expect(both.flatMap(({ applied }) => applied)).toEqual(["two"]);
    expect(await rows()).toEqual([1, 2]);
  });

  test("one that fails half-way leaves nothing, and can be mended", async () => {
    const broken = {
      name: "two",
      statements: ["INSERT INTO one VALUES (2)", "INSERT INTO nowhere VALUES (1)"],
    };
    await expect(migrate(own.client, [first, broken])()).rejects.toThrow(/nowhere/);
    expect(await rows()).toEqual([1]);
    expect(await migrate(own.client, [first, second])()).toEqual({ version: 2, applied: ["two"] });
  });

  test("one that was changed or left out since is refused, and nothing is done", async () => {
    await migrate(own.client, [first])();
    const changed = { ...first, statements: ["CREATE TABLE one (a bigint)"] };
    await expect(migrate(own.client, [changed, second])()).rejects.toThrow(
      /migration 1 \(one\), which was changed/,
    );
    await expect(migrate(own.client, [])()).rejects.toThrow(/which is not in the program/);
    expect(await rows()).toEqual([1]);
  });
});
