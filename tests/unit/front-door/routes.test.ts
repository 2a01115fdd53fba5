import * as fc from "fast-check";
import { Routes } from "../../../local/front-door/routes";

const keyOf = (routes: readonly string[], method: string, path: string) =>
  new Routes(routes).match(method, path)?.key;

describe("the example of API Gateway's documentation", () => {
  const routes = ["$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/dog/{id}", "GET /pets/dog/1"];

  test.each([
    ["GET", "/pets/dog/1", "GET /pets/dog/1"],
    ["GET", "/pets/dog/2", "GET /pets/dog/{id}"],
    ["GET", "/pets/cat/1", "GET /pets/{proxy+}"],
    ["POST", "/test/5", "ANY /{proxy+}"],
    ["POST", "/", "$default"],
  ])("%s %s → %s", (method, path, key) => {
    expect(keyOf(routes, method, path)).toBe(key);
  });
});

test("a full match wins over a greedy one with more fixed segments", () => {
  expect(keyOf(["GET /a/b/{proxy+}", "GET /{x}/{y}/{z}"], "GET", "/a/b/c")).toBe("GET /{x}/{y}/{z}");
});

test("a named method wins over ANY", () => {
  expect(keyOf(["ANY /photos", "POST /photos"], "POST", "/photos")).toBe("POST /photos");
  expect(keyOf(["ANY /photos", "POST /photos"], "GET", "/photos")).toBe("ANY /photos");
});

test("variables are decoded, greedy ones keep their slashes", () => {
  expect(new Routes(["GET /a/{id}"]).match("GET", "/a/x%20y")?.params).toEqual({ id: "x y" });
  expect(new Routes(["GET /a/{rest+}"]).match("GET", "/a/b/c%2Fd")?.params).toEqual({ rest: "b/c/d" });
  expect(new Routes(["GET /a/{id}"]).match("GET", "/a/%zz")?.params).toEqual({ id: "%zz" });
});

test.each(["/photos/", "/photos/1/2", "/photo", "//photos/x/y"])("no route fits %s", (path) => {
  expect(keyOf(["GET /photos", "GET /photos/{id}"], "GET", path)).toBeUndefined();
});

test("extra slashes at the front do not matter", () => {
  expect(keyOf(["GET /photos"], "GET", "//photos")).toBe("GET /photos");
});

describe("properties", () => {
  const segment = fc.constantFrom("a", "b", "c");
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join("/")}`);
  const method = fc.constantFrom("GET", "POST");
  const template = fc
    .tuple(fc.array(fc.oneof(segment, fc.constant("{x}")), { maxLength: 3 }), fc.boolean())
    .filter(([segments, greedy]) => segments.length > 0 || greedy)
    .map(([segments, greedy]) => `/${[...segments, ...(greedy ? ["{proxy+}"] : [])].join("/")}`);
  const routeKey = fc.tuple(fc.constantFrom("GET", "POST", "ANY"), template).map((parts) => parts.join(" "));
  const routeKeys = fc.uniqueArray(routeKey, { maxLength: 8 });

  test("a route that spells the request out is always chosen", () => {
    fc.assert(
      fc.property(routeKeys, method, path, (keys, verb, asked) => {
        const exact = `${verb} ${asked}`;
        expect(keyOf([...keys, exact], verb, asked)).toBe(exact);
      }),
    );
  });

  test("the chosen route does not hang on the order of declaration, but for equals", () => {
    const rank = (key = "") =>
      [
        key.includes("+}"),
        key.split("/").filter((part) => !part.includes("{")).length,
        key.startsWith("ANY"),
      ].join();
    fc.assert(
      fc.property(routeKeys, method, path, (keys, verb, asked) => {
        const one = keyOf(keys, verb, asked);
        const other = keyOf([...keys].reverse(), verb, asked);
        expect(rank(other)).toBe(rank(one));
      }),
    );
  });

  test("$default takes exactly what nothing else does", () => {
    fc.assert(
      fc.property(routeKeys, method, path, (keys, verb, asked) => {
        const without = keyOf(keys, verb, asked);
        expect(keyOf([...keys, "$default"], verb, asked)).toBe(without ?? "$default");
      }),
    );
  });
});
