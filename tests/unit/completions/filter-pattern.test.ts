import * as fc from "fast-check";
import { filterPattern } from "../../../local/completions/filter-pattern";

const fits = (pattern: unknown, record: unknown) => filterPattern(JSON.stringify(pattern))(record);

const record = {
  eventName: "MODIFY",
  dynamodb: {
    NewImage: {
      status: { S: "published" },
      title: { S: "" },
      tags: { SS: ["sea", "sand"] },
      views: { N: "7" },
    },
    SizeBytes: 42,
    Approximate: null,
  },
};

test.each<[string, unknown, boolean]>([
  ["a value", { eventName: ["MODIFY"] }, true],
  ["one of several values", { eventName: ["INSERT", "MODIFY"] }, true],
  ["another value", { eventName: ["INSERT"] }, false],
  ["all fields together", { eventName: ["MODIFY"], dynamodb: { SizeBytes: [1] } }, false],
  ["a nested value", { dynamodb: { NewImage: { status: { S: ["published"] } } } }, true],
  ["a field that is absent", { dynamodb: { OldImage: { status: { S: ["published"] } } } }, false],
  ["null", { dynamodb: { Approximate: [null] } }, true],
  ["empty text", { dynamodb: { NewImage: { title: { S: [""] } } } }, true],
  ["a member of a list", { dynamodb: { NewImage: { tags: { SS: ["sand"] } } } }, true],
  ["a number, not its text", { dynamodb: { NewImage: { views: { N: [7] } } } }, false],
  ["nothing for an empty pattern's fields", {}, true],
  ["prefix", { eventName: [{ prefix: "MOD" }] }, true],
  ["another prefix", { eventName: [{ prefix: "mod" }] }, false],
  ["prefix in any case", { eventName: [{ prefix: { "equals-ignore-case": "mod" } }] }, true],
  ["suffix", { eventName: [{ suffix: "FY" }] }, true],
  ["equals-ignore-case", { eventName: [{ "equals-ignore-case": "modify" }] }, true],
  ["anything-but a value", { eventName: [{ "anything-but": "REMOVE" }] }, true],
  ["anything-but a list with it", { eventName: [{ "anything-but": ["REMOVE", "MODIFY"] }] }, false],
  ["anything-but a prefix", { eventName: [{ "anything-but": { prefix: "MOD" } }] }, false],
  ["anything-but, absent", { eventId: [{ "anything-but": ["x"] }] }, false],
  ["exists", { eventName: [{ exists: true }] }, true],
  ["exists not", { dynamodb: { OldImage: { status: { S: [{ exists: false }] } } } }, true],
  ["exists, no leaf", { dynamodb: { NewImage: [{ exists: true }] } }, false],
  ["numeric range", { dynamodb: { SizeBytes: [{ numeric: [">", 0, "<=", 42] }] } }, true],
  ["numeric out of range", { dynamodb: { SizeBytes: [{ numeric: ["<", 42] }] } }, false],
  ["numeric equality", { dynamodb: { SizeBytes: [{ numeric: ["=", 42.0] }] } }, true],
  ["numeric on text", { dynamodb: { NewImage: { views: { N: [{ numeric: [">", 1] }] } } } }, false],
  ["$or", { $or: [{ eventName: ["INSERT"] }, { dynamodb: { SizeBytes: [42] } }] }, true],
  ["$or beside a field", { eventName: ["INSERT"], $or: [{ dynamodb: { SizeBytes: [42] } }] }, false],
])("%s", (_what, pattern, expected) => {
  expect(fits(pattern, record)).toBe(expected);
});

test.each([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["a bare value", '{"eventName":"MODIFY"}'],
  ["an unknown operator", '{"eventName":[{"like":"M%"}]}'],
  ["two operators", '{"eventName":[{"prefix":"M","suffix":"Y"}]}'],
  ["a prefix that is no text", '{"eventName":[{"prefix":1}]}'],
  ["a range without its bound", '{"size":[{"numeric":[">"]}]}'],
])("refuses %s", (_what, pattern) => {
  expect(() => filterPattern(pattern)).toThrow(`The filter pattern ${pattern}`);
});

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));

test("anything-but is the contrary of the values themselves", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), value, (values, actual) => {
      const is = fits({ field: values }, { field: actual });
      const isNot = fits({ field: [{ "anything-but": values }] }, { field: actual });
      expect(is).toBe(!isNot);
    }),
  );
});

test("a record fits a pattern made of its own leaves", () => {
  const tree = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
    tree: fc.dictionary(
      fc.string().filter((name) => name !== "$or"),
      fc.oneof({ depthSize: "small" }, value, tie("tree")),
      { maxKeys: 4 },
    ),
  })).tree;
  const patternOf = (of: Record<string, unknown>): unknown =>
    Object.fromEntries(
      Object.entries(of).map(([name, inner]) => [
        name,
        typeof inner === "object" && inner !== null ? patternOf(inner as Record<string, unknown>) : [inner],
      ]),
    );
  fc.assert(
    fc.property(tree, (of) => {
      // As JSON has it, so that a field cannot be the prototype.
      const parsed = JSON.parse(JSON.stringify(of));
      expect(fits(patternOf(parsed), parsed)).toBe(true);
    }),
  );
});
