import * as fc from "fast-check";
import { covers, coversArn } from "../../../local/checks/pattern";

/** Texts as they stand in ARNs, with characters that mean something in regular expressions. */
const text = fc.string({ unit: fc.constantFrom(..."abAB01-_/.:+()[]{}^$|\\é") });
const part = fc.string({ unit: fc.constantFrom(..."ab-_/.{}$") });
const arn = fc.tuple(part, part, part, part, text).map((parts) => `arn:${parts.join(":")}`);

describe("covers", () => {
  test("a pattern without wildcards covers itself alone", () => {
    fc.assert(fc.property(text, text, (pattern, other) => covers(pattern, other) === (pattern === other)));
  });

  test("* covers anything in its place, and only with the rest around it", () => {
    fc.assert(
      fc.property(text, text, text, (before, between, after) => {
        expect(covers(`${before}*${after}!`, `${before}${between}${after}!`)).toBe(true);
        expect(covers(`${before}*${after}!`, `${before}${between}${after}`)).toBe(false);
      }),
    );
  });

  test("? covers exactly one character", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(..."ab/:"), text, (before, character, after) => {
        expect(covers(`${before}?${after}`, before + character + after)).toBe(true);
        expect(covers(`${before}?${after}`, before + after)).toBe(false);
      }),
    );
  });

  test("what covers a text that may be anything somewhere covers whatever stands there", () => {
    const pattern = fc.string({ unit: fc.constantFrom(..."ab*?") });
    const open = fc.string({ unit: fc.constantFrom(..."ab*") });
    fc.assert(
      fc.property(pattern, open, fc.string({ unit: fc.constantFrom(..."abc") }), (wide, some, filling) => {
        fc.pre(covers(wide, some));
        expect(covers(wide, some.replaceAll("*", filling))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["ab?", "ab*"],
    ["abc", "ab*"],
    ["a*c", "a*"],
  ])("%s does not cover all of %s", (pattern, open) => {
    expect(covers(pattern, open)).toBe(false);
  });
});

describe("coversArn", () => {
  test("an ARN covers itself, and * covers every ARN", () => {
    fc.assert(
      fc.property(arn, (whole) => {
        expect(coversArn(whole, whole)).toBe(true);
        expect(coversArn("*", whole)).toBe(true);
      }),
    );
  });

  test("a wildcard reaches no further than its part", () => {
    expect(coversArn("arn:aws:lambda:*:function:f", "arn:aws:lambda:eu-west-1:1:function:f")).toBe(false);
    expect(coversArn("arn:aws:lambda:*:*:function:f", "arn:aws:lambda:eu-west-1:1:function:f")).toBe(true);
  });

  test("the last part may have colons of its own", () => {
    const stream = "arn:aws:logs:eu-west-1:1:log-group:/gallery/dev/f:log-stream:a";

    expect(coversArn("arn:aws:logs:eu-west-1:1:log-group:/gallery/dev/f:*", stream)).toBe(true);
    expect(coversArn("arn:aws:logs:eu-west-1:1:log-group:/gallery/dev/f", stream)).toBe(false);
  });

  test("parts that the pattern leaves out may be anything", () => {
    expect(coversArn("arn:aws:sqs", "arn:aws:sqs:eu-west-1:1:queue")).toBe(true);
    expect(coversArn("arn:aws:sns", "arn:aws:sqs:eu-west-1:1:queue")).toBe(false);
  });

  test("an action without resources is covered by * alone", () => {
    expect(coversArn("*", "*")).toBe(true);
    expect(coversArn("arn:aws:xray:*:*:*", "*")).toBe(false);
  });
});
