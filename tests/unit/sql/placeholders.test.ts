import * as fc from "fast-check";
import { positional } from "../../../local/sql/placeholders";

/** Pieces that hold colons which begin no name. */
const verbatim = fc.oneof(
  fc.string().map((text) => `'${text.replaceAll("'", "''")} :no'`),
  fc.string().map((text) => `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")} :no'`),
  fc.string().map((text) => `"${text.replaceAll('"', '""')} :no"`),
  fc.string().map((text) => `-- ${text.replaceAll(/[\r\n]/g, "")} 'it :no\n`),
  fc.string().map((text) => `/* ${text.replaceAll(/[*/]/g, "")} ' /* :no */ :no */`),
  fc.string().map((text) => `$tag$${text.replaceAll("$", "")} ' :no $$ :no $tag$`),
  fc.string().map((text) => `$$${text.replaceAll("$", "")} :no$$`),
  fc.constantFrom("a::no", "list[1:2]", "list[(1):no]", "list[one:no]", "SELECT", "note'e:no'", "a - b / c"),
);

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$|^[1-9][0-9]?$/);

test("names get numbers, and nothing else changes, whatever stands between", () => {
  const pieces = fc.array(
    fc.oneof(
      verbatim,
      name.map((text) => ({ name: text })),
    ),
  );

  fc.assert(
    fc.property(pieces, (statement) => {
      const names = [...new Set(statement.flatMap((piece) => (typeof piece === "string" ? [] : piece.name)))];
      const written = statement.map((piece) => (typeof piece === "string" ? piece : `:${piece.name}`));
      const expected = statement.map((piece) =>
        typeof piece === "string" ? piece : `$${names.indexOf(piece.name) + 1}`,
      );

      expect(positional(written.join(" "))).toEqual({ text: expected.join(" "), names });
    }),
  );
});

test("any text ends, and gives what it was once its numbers are names again", () => {
  const hostile = fc.array(
    fc.constantFrom("'", '"', "$", "$a$", ":", "a", "1", "/*", "*/", "--", "\n", "\\", "e", ";"),
  );

  fc.assert(
    fc.property(hostile, (parts) => {
      const sql = parts.join("");

      const { text, names } = positional(sql);

      const numbered = names.reduce((all, named, i) => all.replaceAll(`$${i + 1}`, `:${named}`), text);
      expect(names.length === 0 ? text : numbered.length).toBe(names.length === 0 ? sql : sql.length);
    }),
  );
});

test.each([
  ["SELECT :a, :b, :a", "SELECT $1, $2, $1", ["a", "b"]],
  ["SELECT :a1, :a10, :a", "SELECT $1, $2, $3", ["a1", "a10", "a"]],
  ["x=:id::uuid AND y IN(:b)", "x=$1::uuid AND y IN($2)", ["id", "b"]],
  ["SELECT ':a''s', :b", "SELECT ':a''s', $1", ["b"]],
  ["SELECT E'\\':a', :b", "SELECT E'\\':a', $1", ["b"]],
  ["SELECT '\\', :b, '", "SELECT '\\', $1, '", ["b"]],
  ["f(a := :b)", "f(a := $1)", ["b"]],
  ["j @> :p AND j ? 'k' AND j ->> :q", "j @> $1 AND j ? 'k' AND j ->> $2", ["p", "q"]],
  ["UPDATE t SET n=n+:n--:x\nWHERE a=:a", "UPDATE t SET n=n+$1--:x\nWHERE a=$2", ["n", "a"]],
  ["SELECT 'unended :a", "SELECT 'unended $1", ["a"]],
])("%j", (sql, text, names) => {
  expect(positional(sql)).toEqual({ text, names });
});

test("a long literal takes no long time", () => {
  const literal = `'${"a''b ".repeat(10_000)}'`;

  expect(positional(`SELECT ${literal}, :a`)).toEqual({ text: `SELECT ${literal}, $1`, names: ["a"] });
});
