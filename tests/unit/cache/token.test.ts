import * as fc from "fast-check";
import { readToken } from "../../../local/cache/token";

const fields = {
  Action: "connect",
  User: "reader",
  ResourceType: "ServerlessCache",
  "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
  "X-Amz-Credential": "ASIAX/20260102/eu-west-1/elasticache/aws4_request",
  "X-Amz-Date": "20260102T030405Z",
  "X-Amz-Expires": "900",
  "X-Amz-Signature": "abc",
};

function token(changes: Record<string, string | undefined> = {}, cache = "views"): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries<string | undefined>({ ...fields, ...changes })) {
    if (value !== undefined) query.set(name, value);
  }
  return `${cache}/?${query}`;
}

test("names the cache and the user, and is good for a quarter of an hour", () => {
  expect(readToken(token())).toEqual({
    cache: "views",
    userId: "reader",
    query: token().slice("views/?".length),
    expiresAt: Date.UTC(2026, 0, 2, 3, 19, 5),
  });
});

test("is good for as long as it says, and never longer than ElastiCache takes it", () => {
  const signedAt = Date.UTC(2026, 0, 2, 3, 4, 5);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 604_800 }), (seconds) => {
      const validity = (readToken(token({ "X-Amz-Expires": String(seconds) }))?.expiresAt ?? 0) - signedAt;

      expect(validity).toBe(Math.min(seconds, 900) * 1000);
    }),
  );
});

test.each([
  ["a password", "correct horse battery staple"],
  ["nothing", ""],
  ["a token of a whole address", `http://${token()}`],
  ["a token with a fragment", `${token()}#x`],
  ["a token of another service", token({ "X-Amz-Credential": "ASIAX/20260102/eu-west-1/s3/aws4_request" })],
  ["a token of a cluster's cache", token({ ResourceType: undefined })],
  ["a token of another action", token({ Action: "DescribeUsers" })],
  ["a token of nobody", token({ User: undefined })],
  ["a token without a date", token({ "X-Amz-Date": undefined })],
  ["a token without an end", token({ "X-Amz-Expires": undefined })],
  ["a token with no number for its end", token({ "X-Amz-Expires": "soon" })],
])("%s is none", (_what, text) => {
  expect(readToken(text)).toBeUndefined();
});

test("any text is read", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      readToken(`views/?${text}`);
    }),
  );
});
