import * as fc from "fast-check";
import { seal, unseal } from "../../../../components/sdk/cache/envelope";

test("what is sealed comes out as JSON has it, with its time", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 1e13 }), (value, freshUntil) => {
      const text = seal({ value, freshUntil });

      expect(unseal(text ?? "")).toMatchObject({ value: JSON.parse(JSON.stringify(value)), freshUntil });
    }),
  );
});

test("null is a value", () => {
  expect(unseal(seal({ value: null, freshUntil: 5.5 }) ?? "")).toMatchObject({ value: null, freshUntil: 5 });
});

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
test.each([undefined, () => 1, Symbol("s"), 1n, { big: 1n }, cyclic])("%p cannot be kept", (value) => {
  expect(seal({ value, freshUntil: 1 })).toBeUndefined();
});

test.each([
  "",
  "null",
  "1",
  '"text"',
  "[]",
  "{}",
  "<html>",
  '{"version":1,"freshUntil":1}',
  '{"version":1,"freshUntil":"1","value":1}',
  '{"version":1,"freshUntil":1e999,"value":1}',
  '{"version":2,"freshUntil":1,"value":1}',
  '{"version":1,"freshUntil":1,"value":1',
])("%s is nothing that was sealed", (text) => {
  expect(() => unseal(text)).toThrow();
});

test("whatever else a cache holds throws, and nothing worse", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => {
      expect(() => unseal(text)).toThrow();
    }),
  );
});
