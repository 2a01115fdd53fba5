import { keyed, nameOf, pascal, policyText } from "../../../local/aws/request";

test("nested inputs get the names AWS uses", () => {
  // Prepare
  const input = { filters: [{ pattern: "{}", none: undefined }], maximumConcurrency: 2, on: false };

  // Act
  const renamed = pascal(input);

  // Assess
  expect(renamed).toEqual({
    Filters: [{ Pattern: "{}", None: undefined }],
    MaximumConcurrency: 2,
    On: false,
  });
  expect(pascal(undefined)).toBeUndefined();
});

test("a list becomes the map that AWS takes", () => {
  // Prepare
  const list = [{ code: "403", text: "no" }];

  // Act
  const map = keyed(
    list,
    ({ code }) => code,
    ({ text }) => text,
  );

  // Assess
  expect(map).toEqual({ "403": "no" });
  expect(keyed(undefined, String, String)).toBeUndefined();
});

test("a policy is sent as text, whichever way it is written", () => {
  // Assess
  expect(policyText({ Version: "2012-10-17" })).toBe('{"Version":"2012-10-17"}');
  expect(policyText('{"Version":"2012-10-17"}')).toBe('{"Version":"2012-10-17"}');
});

test("a resource without a name cannot be made", () => {
  // Assess
  expect(() => nameOf({})).toThrow("no name");
});
