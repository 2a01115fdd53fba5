import * as fc from "fast-check";
import { nameOf } from "../../../../components/sdk/cache/key";

const anyKey = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ minLength: 1, unit: "binary" }),
  fc.string({ minLength: 195, maxLength: 260, unit: fc.constantFrom("a", "b", "/", "{") }),
  fc.constantFrom("__proto__", "#x", "}", "{}", "a}b", "\ud800", "\ud801", "\ufffd", "a b", "a\r\nb"),
);

test("keys that are short and plain can be read in the server", () => {
  expect(nameOf("views", "most-viewed/7")).toBe("views:{most-viewed/7}");
});

test("no two keys share a name", () => {
  fc.assert(
    fc.property(anyKey, anyKey, (one, other) => {
      expect(nameOf("views", one) === nameOf("views", other)).toBe(one === other);
    }),
  );
});

test("each name is short, plain, begins with its cache's, and has one place in a cluster whatever is appended", () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      expect(nameOf("views", key)).toMatch(/^views:\{[\w./:@#-]{1,200}\}$/);
    }),
  );
});

test.each(["", undefined, null, 7])("%p is no key", (key) => {
  expect(() => nameOf("views", key as string)).toThrow(expect.objectContaining({ name: "InvalidKey" }));
});
