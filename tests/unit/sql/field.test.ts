import * as fc from "fast-check";
import { elementsOf } from "../../../local/sql/array-text";
import { Failure } from "../../../local/sql/failure";
import { fieldOf, jsonOf } from "../../../local/sql/field";
import type { ResultSetOptions } from "../../../local/sql/request";
import { catalogType, knownType, unsupportedName } from "../../../local/sql/types";

const plain: ResultSetOptions = { decimalReturnType: "STRING", longReturnType: "LONG" };

const typeOf = (oid: number) => {
  const type = knownType(oid);
  if (!type) throw new Error(`No type ${oid}`);
  return type;
};

test.each([
  [16, "t", { booleanValue: true }],
  [16, "f", { booleanValue: false }],
  [21, "-5", { longValue: -5 }],
  [20, "9007199254740991", { longValue: 9007199254740991 }],
  [701, "0.1", { doubleValue: 0.1 }],
  [701, "NaN", { doubleValue: "NaN" }],
  [701, "-Infinity", { doubleValue: "-Infinity" }],
  [1700, "1.50", { stringValue: "1.50" }],
  [17, "\\xdeadbeef", { blobValue: "3q2+7w==" }],
  [25, "", { stringValue: "" }],
  [3802, '{"a": 1}', { stringValue: '{"a": 1}' }],
  [1082, "2026-11-24", { stringValue: "2026-11-24" }],
  [1114, "2026-11-24 10:00:00", { stringValue: "2026-11-24 10:00:00" }],
  [1114, "2026-11-24 10:00:00.5", { stringValue: "2026-11-24 10:00:00.500" }],
  [1184, "2026-11-24 10:00:00.1234+00", { stringValue: "2026-11-24 10:00:00.123400" }],
  [1007, "{1,NULL,3}", { arrayValue: { longValues: [1, null, 3] } }],
  [1007, "[0:1]={1,2}", { arrayValue: { longValues: [1, 2] } }],
  [1007, "{}", { arrayValue: { longValues: [] } }],
  [
    1009,
    '{a,"b, c","NULL",NULL,"","\\"\\\\"}',
    { arrayValue: { stringValues: ["a", "b, c", "NULL", null, "", '"\\'] } },
  ],
  [1000, "{t,f}", { arrayValue: { booleanValues: [true, false] } }],
  [1231, "{1.5,2}", { arrayValue: { stringValues: ["1.5", "2"] } }],
])("a value of type %i written %j is %j", (oid, text, field) => {
  expect(fieldOf(typeOf(oid), text, plain)).toEqual(field);
});

test("numbers are told as the caller wants them", () => {
  const numbers: ResultSetOptions = { decimalReturnType: "DOUBLE_OR_LONG", longReturnType: "STRING" };

  const fields = [
    fieldOf(typeOf(1700), "12", numbers),
    fieldOf(typeOf(1700), "12.50", numbers),
    fieldOf(typeOf(1700), "NaN", numbers),
    fieldOf(typeOf(1231), "{1,2.5}", numbers),
    fieldOf(typeOf(20), "12", numbers),
  ];

  expect(fields).toEqual([
    { longValue: 12 },
    { doubleValue: 12.5 },
    { doubleValue: "NaN" },
    { arrayValue: { doubleValues: [1, 2.5] } },
    { stringValue: "12" },
  ]);
});

test("formatted records have plain values", () => {
  const values = [
    jsonOf(typeOf(25), null, plain),
    jsonOf(typeOf(23), "1", plain),
    jsonOf(typeOf(1700), "1.50", plain),
    jsonOf(typeOf(17), "\\x61", plain),
    jsonOf(typeOf(1009), "{a,NULL}", plain),
  ];

  expect(values).toEqual([null, 1, "1.50", "YQ==", ["a", null]]);
});

test("an array of arrays is no result", () => {
  expect(() => fieldOf(typeOf(1007), "{{1,2},{3,4}}", plain)).toThrow(Failure);
});

test("an array's text gives the elements it was written from", () => {
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  fc.assert(
    fc.property(fc.array(fc.option(fc.string())), (elements) => {
      const text = `{${elements.map((element) => (element === null ? "NULL" : quoted(element))).join()}}`;

      expect(elementsOf(text)).toEqual(elements);
    }),
  );
});

test("of the types a database has numbered itself, results may have enumerations and vectors", () => {
  const types = [
    catalogType({ name: "mood", category: "e" }),
    catalogType({ name: "vector", category: "b" }),
    catalogType({ name: "point", category: "b" }),
    knownType(1186),
    knownType(1001),
  ];

  expect(types.map((type) => type?.name)).toEqual(["mood", "vector", undefined, undefined, undefined]);
  expect(["interval", "char", "regclass"].map(unsupportedName)).toEqual(["INTERVAL", '"CHAR"', "regclass"]);
});
