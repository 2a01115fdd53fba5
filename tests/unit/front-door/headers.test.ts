import { headerOf, withoutHeaders } from "../../../local/front-door/headers";

const HEADERS = ["Host", "a", "Set-Cookie", "b", "set-cookie", "c"];

test("finds the first of a name in any case", () => {
  expect(headerOf(HEADERS, "SET-COOKIE")).toBe("b");
  expect(headerOf(HEADERS, "date")).toBeUndefined();
});

test("leaves out names and keeps order, case and repetitions", () => {
  expect(withoutHeaders(HEADERS, new Set(["host"]))).toEqual(["Set-Cookie", "b", "set-cookie", "c"]);
});
