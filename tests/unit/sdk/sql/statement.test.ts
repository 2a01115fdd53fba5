import * as fc from "fast-check";
import { day, decimal, json, sql, timestamp, uuid, written } from "../../../../components/sdk/sql/statement";

test("values stand apart from the text, in their order", () => {
  expect(sql`SELECT ${1}, ${"two"}, ${null} FROM t WHERE ok = ${true}`).toEqual({
    text: "SELECT :p1, :p2, :p3 FROM t WHERE ok = :p4",
    parameters: [
      { name: "p1", value: { longValue: 1 } },
      { name: "p2", value: { stringValue: "two" } },
      { name: "p3", value: { isNull: true } },
      { name: "p4", value: { booleanValue: true } },
    ],
  });
});

test("whatever a value holds, the text is the program's", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("\0")),
      (text) => {
        const statement = sql`SELECT * FROM t WHERE a = ${text} OR b = ${uuid(text)}`;
        expect(statement.text).toBe("SELECT * FROM t WHERE a = :p1 OR b = :p2");
        expect(statement.parameters.map(({ value }) => value)).toEqual([
          { stringValue: text },
          { stringValue: text },
        ]);
      },
    ),
  );
});

test.each([
  ["a whole number", 7, { value: { longValue: 7 } }],
  ["any other number", 0.5, { value: { doubleValue: 0.5 } }],
  ["a number too large to be whole", 2 ** 60, { value: { doubleValue: 2 ** 60 } }],
  ["a bigint", 7n, { value: { longValue: 7 } }],
  ["bytes", Uint8Array.of(1), { value: { blobValue: Uint8Array.of(1) } }],
  ["a uuid", uuid("u"), { typeHint: "UUID", value: { stringValue: "u" } }],
  ["no uuid", uuid(null), { typeHint: "UUID", value: { isNull: true } }],
  ["a day", day("2026-11-24"), { typeHint: "DATE", value: { stringValue: "2026-11-24" } }],
  ["a decimal", decimal("0.10"), { typeHint: "DECIMAL", value: { stringValue: "0.10" } }],
  ["JSON", json([{ a: 1 }]), { typeHint: "JSON", value: { stringValue: '[{"a":1}]' } }],
  ["JSON's null", json(null), { typeHint: "JSON", value: { stringValue: "null" } }],
  [
    "a time",
    timestamp(new Date("2026-11-24T08:00:00.5Z")),
    { typeHint: "TIMESTAMP", value: { stringValue: "2026-11-24 08:00:00.500" } },
  ],
])("%s is a value of its kind", (_, value, expected) => {
  expect(sql`SELECT ${value}`.parameters).toEqual([{ name: "p1", ...expected }]);
});

test("what the database cannot hold, or would get inexactly, is refused before it is sent", () => {
  expect(() => sql`SELECT ${"a\0b"}`).toThrow(/NUL/);
  expect(() => sql`SELECT ${uuid("\0")}`).toThrow(/NUL/);
  expect(() => sql`SELECT ${2n ** 60n}`).toThrow(`decimal("${2n ** 60n}")`);
});

test("a migration's text is taken as it is", () => {
  expect(written("CREATE TABLE a (b int)")).toEqual({ text: "CREATE TABLE a (b int)", parameters: [] });
});
