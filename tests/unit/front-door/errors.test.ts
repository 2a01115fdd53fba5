import { Readable } from "node:stream";
import { HideErrors } from "../../../local/front-door/errors";
import type { Reply } from "../../../local/front-door/interceptor";
import { jsonReply, reply } from "../../../local/front-door/reply";
import { exchangeOf, type Request, textOf } from "./exchange";

const hide = new HideErrors();
const REQUEST: Request = { url: "/_aws/execute-api/abc/live/photos", headers: { host: "127.0.0.1" } };
const HTTP_API = { "apigw-requestid": "r1" };
const REST_API = { "x-amzn-requestid": "r1" };

/** Status and body that the client gets for what the emulator answers. */
async function shown(answer: Reply, request = REQUEST): Promise<[number, string]> {
  const result = (await hide.after(await exchangeOf(request), answer)) ?? answer;
  return [result.status, await textOf(result)];
}

const thrown = { errorType: "Runtime.HandlerError", errorMessage: "password is 1234", trace: [] };

describe("an HTTP API", () => {
  test.each([
    [502, thrown, 500, "Internal Server Error"],
    [502, { message: "Lambda function 'list' not found" }, 500, "Internal Server Error"],
    [502, { message: "<urlopen error [Errno 111] Connection refused>" }, 503, "Service Unavailable"],
    [500, { message: "No integration configured" }, 500, "Internal Server Error"],
    [500, { message: "Unsupported integration type: AWS" }, 500, "Internal Server Error"],
    [429, { __type: "TooManyRequestsException", Reason: "Limit" }, 500, "Internal Server Error"],
    [403, { message: "CORS not configured" }, 404, "Not Found"],
  ])("%i %j → %i", async (status, body, becomes, message) => {
    expect(await shown(jsonReply(status, body, HTTP_API))).toEqual([becomes, JSON.stringify({ message })]);
  });

  test.each([
    [502, { message: "mine" }],
    [500, { message: "mine too" }],
    [429, { message: "Too Many Requests" }],
    [401, { message: "Unauthorized" }],
    [403, { message: "Forbidden" }],
    [404, { message: "Not Found" }],
    [400, thrown],
    [200, thrown],
  ])("%i %j stays: it is API Gateway's or the function's own", async (status, body) => {
    expect(await shown(jsonReply(status, body, HTTP_API))).toEqual([status, JSON.stringify(body)]);
  });

  test("an answer that is no JSON stays", async () => {
    expect(await shown(reply(502, "text/html", "<p>", HTTP_API))).toEqual([502, "<p>"]);
    expect(await shown(reply(502, "application/json", "<p>", HTTP_API))).toEqual([502, "<p>"]);
  });

  test("CORS headers and request id stay, the content's headers do not", async () => {
    const headers = { ...HTTP_API, "access-control-allow-origin": "*", "content-encoding": "gzip" };
    const answer = await hide.after(await exchangeOf(REQUEST), jsonReply(502, thrown, headers));

    expect(answer?.headers).toEqual([
      "content-type",
      "application/json",
      "content-length",
      "35",
      "apigw-requestid",
      "r1",
      "access-control-allow-origin",
      "*",
    ]);
  });
});

describe("a REST API", () => {
  test.each([
    [502, { message: JSON.stringify(thrown) }, 502],
    [502, { message: "Lambda function 'list' not found" }, 500],
    [429, { __type: "TooManyRequestsException", Reason: "Limit" }, 500],
  ])("%i %j → %i", async (status, body, becomes) => {
    expect(await shown(jsonReply(status, body, REST_API))).toEqual([
      becomes,
      '{"message":"Internal server error"}',
    ]);
  });
});

test("an emulator that fails itself shows what API Gateway says of a malformed response", async () => {
  const { body } = jsonReply(500, "");

  expect(await shown({ status: 500, headers: ["content-length", "0"], body })).toEqual([
    500,
    '{"message":"Internal Server Error"}',
  ]);
});

test("an AWS call's errors are not touched", async () => {
  const request = { headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } };

  expect(await shown(jsonReply(502, thrown), request)).toEqual([502, JSON.stringify(thrown)]);
});

describe("the payload limit of 10 MB", () => {
  const LIMIT = 10 * 1024 * 1024;
  const post = (length: number): Request => ({
    ...REQUEST,
    method: "POST",
    headers: { "content-length": String(length) },
  });
  const chunked = (length: number): Request => ({
    ...REQUEST,
    method: "POST",
    headers: { "transfer-encoding": "chunked" },
    body: Readable.from([Buffer.alloc(length)]),
  });

  test.each([
    ["announced", post],
    ["chunked", chunked],
  ])("is held by a body that is %s", async (_how, request) => {
    expect(await hide.before(await exchangeOf(request(LIMIT)))).toBeUndefined();
    const refused = await hide.before(await exchangeOf(request(LIMIT + 1)));
    expect(refused?.status).toBe(413);
    expect(await textOf(refused)).toBe('{"message":"Request Entity Too Large"}');
  });

  test("is no limit for an AWS call", async () => {
    const request = { method: "PUT", url: "/b/k", headers: { "content-length": String(LIMIT + 1) } };

    expect(await hide.before(await exchangeOf(request))).toBeUndefined();
  });
});
