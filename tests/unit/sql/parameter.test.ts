import * as fc from "fast-check";
import { boundValue } from "../../../local/sql/parameter";
import { parseRequest } from "../../../local/sql/request";

const target = { resourceArn: "arn:cluster", secretArn: "arn:secret" };

/** A parameter as it comes over the wire. */
function parameter(fields: object) {
  const request = { ...target, sql: "SELECT 1", parameters: [{ name: "a", ...fields }] };
  const [parsed] = parseRequest("ExecuteStatement", JSON.stringify(request)).parameters;
  if (!parsed) throw new Error("The parameter is lost.");
  return boundValue(parsed);
}

test.each([
  [{ value: { stringValue: "x" } }, { type: 25, content: "x" }],
  [{ value: { longValue: 12 } }, { type: 20, content: "12" }],
  [{ value: { doubleValue: 1.5 } }, { type: 701, content: "1.5" }],
  [{ value: { doubleValue: "-Infinity" } }, { type: 701, content: "-Infinity" }],
  [{ value: { booleanValue: false } }, { type: 16, content: "false" }],
  [{ value: { blobValue: "3q2+7w==" } }, { type: 17, content: Buffer.from("deadbeef", "hex") }],
  [{ value: { isNull: true } }, { type: 0, content: null }],
  [{}, { type: 0, content: null }],
  [
    { typeHint: "UUID", value: { isNull: true } },
    { type: 2950, content: null },
  ],
  [
    { typeHint: "UUID", value: { stringValue: "no uuid" } },
    { type: 2950, content: "no uuid" },
  ],
  [
    { typeHint: "JSON", value: { stringValue: "{}" } },
    { type: 114, content: "{}" },
  ],
  [
    { typeHint: "DECIMAL", value: { stringValue: "1.50" } },
    { type: 1700, content: "1.50" },
  ],
  [
    { typeHint: "DATE", value: { stringValue: "2026-11-24" } },
    { type: 1082, content: "2026-11-24" },
  ],
  [
    { typeHint: "TIME", value: { stringValue: "10:00:00.5" } },
    { type: 1083, content: "10:00:00.5" },
  ],
  [
    { typeHint: "TIMESTAMP", value: { stringValue: "2026-11-24 10:00:00.123" } },
    { type: 1114, content: "2026-11-24 10:00:00.123" },
  ],
])("%j goes to the database as %j", (fields, value) => {
  expect(parameter(fields)).toEqual(value);
});

test.each([
  [
    { typeHint: "TIMESTAMP", value: { stringValue: "2026-11-24T10:00:00Z" } },
    /"a" is no TIMESTAMP of the form/,
  ],
  [{ typeHint: "DATE", value: { stringValue: "24.11.2026" } }, /is no DATE of the form YYYY-MM-DD/],
  [{ typeHint: "UUID", value: { longValue: 1 } }, /type hint UUID must be a string/],
  [{ value: { arrayValue: { longValues: [1] } } }, /Array parameters are not supported/],
  [{ typeHint: "XML", value: { stringValue: "" } }, /parameters\.0\.typeHint/],
  [{ value: { longValue: 1.5 } }, /parameters\.0\.value\.longValue/],
])("%j is refused", (fields, message) => {
  expect(() => parameter(fields)).toThrow(expect.objectContaining({ code: "ValidationException" }));
  expect(() => parameter(fields)).toThrow(message);
});

test("whatever a string holds stays a value, letter by letter", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(parameter({ value: { stringValue: text } })).toEqual({ type: 25, content: text });
    }),
  );
});

test.each([
  ["no JSON", "The request is no JSON."],
  [JSON.stringify({ secretArn: "s", sql: "x" }), /resourceArn/],
  [JSON.stringify({ ...target, sql: "x".repeat(65_537) }), /'sql'/],
  [JSON.stringify({ ...target, sql: "x", schema: "public" }), /^The schema parameter isn't supported$/],
])("a request of %.40s… is refused", (body, message) => {
  expect(() => parseRequest("ExecuteStatement", body)).toThrow(message);
});
