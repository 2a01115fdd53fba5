import type { Context } from "../../../components/closure/capture";
import type { HttpEvent, HttpResult } from "../../../components/http-api";
import { type RestEvent, type ServeOptions, servedAsHttp } from "../../../components/rest-api/http-event";

const request = (more: Partial<RestEvent> = {}): RestEvent => ({
  httpMethod: "GET",
  resource: "/photos/{id}",
  path: "/photos/p1",
  pathParameters: { id: "p1" },
  headers: {},
  multiValueHeaders: { "Accept-Language": ["de", "en"], Origin: ["https://b.example"], "X-Other": ["1"] },
  queryStringParameters: {},
  multiValueQueryStringParameters: { days: ["1", "7"], other: ["a b"] },
  stageVariables: null,
  body: null,
  isBase64Encoded: false,
  requestContext: {
    accountId: "1",
    apiId: "a",
    authorizer: null,
    httpMethod: "GET",
    identity: { sourceIp: "192.0.2.1", userAgent: "test" } as RestEvent["requestContext"]["identity"],
    path: "/main/photos/p1",
    protocol: "HTTP/1.1",
    requestId: "r1",
    requestTimeEpoch: 5,
    resourceId: "x",
    resourcePath: "/photos/{id}",
    stage: "main",
  },
  ...more,
});

/** What a handler of HTTP APIs gets of a request, and what API Gateway gets of its answer. */
async function serve(event: RestEvent, options: ServeOptions, answer: HttpResult = {}) {
  const seen: HttpEvent[] = [];
  const handler = async (given: HttpEvent) => {
    seen.push(given);
    return answer;
  };
  const result = await servedAsHttp(handler, options).factory()(event, {} as Context);
  return { seen: seen[0], result };
}

test("a handler of HTTP APIs sees the request as one of theirs", async () => {
  const { seen } = await serve(request({ body: "aGk=", isBase64Encoded: true }), { origins: [] });

  expect(seen).toMatchObject({
    version: "2.0",
    routeKey: "GET /photos/{id}",
    rawPath: "/photos/p1",
    rawQueryString: "days=1&days=7&other=a+b",
    queryStringParameters: { days: "1,7", other: "a b" },
    pathParameters: { id: "p1" },
    headers: { "accept-language": "de,en", origin: "https://b.example", "x-other": "1" },
    body: "aGk=",
    isBase64Encoded: true,
    requestContext: { requestId: "r1", http: { method: "GET", sourceIp: "192.0.2.1" } },
  });
});

test("a request without anything has everything empty", async () => {
  const bare = {
    pathParameters: null,
    multiValueHeaders: {},
    multiValueQueryStringParameters: null,
  };
  const { seen } = await serve(request(bare), { origins: [] });

  expect(seen).toMatchObject({
    headers: {},
    queryStringParameters: {},
    pathParameters: {},
    rawQueryString: "",
  });
  expect(seen?.body).toBeUndefined();
});

test("what is cached depends on its keys alone", async () => {
  const cacheKeys = { path: ["id"], query: ["days", "limit"], headers: ["accept-language"] };
  const event = request({
    headers: { "Accept-Language": "en", Origin: "https://b.example", "X-Other": "1" },
    queryStringParameters: { days: "7", other: "a b" },
  });
  const { seen } = await serve(event, { origins: [], cacheKeys });

  // Of what came twice, the value that the answer is kept under.
  expect(seen?.queryStringParameters).toEqual({ days: "7" });
  expect(seen?.rawQueryString).toBe("days=7");
  expect(seen?.headers).toEqual({ "accept-language": "en" });
  expect(seen?.pathParameters).toEqual({ id: "p1" });
});

test.each([
  [[], undefined],
  [["https://a.example"], "https://a.example"],
  [["https://a.example", "https://b.example"], "https://b.example"],
  [["https://a.example", "https://c.example"], undefined],
])("of the origins %j, pages of %s may read the answer", async (origins, allowed) => {
  const answer = { statusCode: 404, headers: { "content-type": "text/plain" }, body: "no" };
  const { result } = await serve(request(), { origins }, answer);

  expect(result).toEqual({
    ...answer,
    headers: { ...answer.headers, ...(allowed && { "access-control-allow-origin": allowed }) },
    isBase64Encoded: undefined,
  });
});

test("an answer that says nothing is a 200 without a body", async () => {
  expect((await serve(request(), { origins: [] })).result).toMatchObject({ statusCode: 200, body: "" });
});
