import type { Reply } from "../../../local/front-door/interceptor";
import { jsonReply } from "../../../local/front-door/reply";
import type { RestMethod, RestStage } from "../../../local/front-door/rest-description";
import { RestGateway } from "../../../local/front-door/rest-gateway";
import { exchangeOf, type Request, textOf } from "./exchange";
import { methodOf, stageOf, storing } from "./rest-stage";

let now = 0;

function gatewayOf(methods: readonly RestMethod[], more: Partial<RestStage> = {}): RestGateway {
  const gateway = new RestGateway(() => now);
  gateway.configure([stageOf(methods, more)]);
  return gateway;
}

const at = (path: string, request: Omit<Request, "url"> = {}): Request => ({
  ...request,
  url: `/_aws/execute-api/abc/main${path}`,
});

/** What the client gets, when that is what comes from further in. */
async function ask(gateway: RestGateway, request: Request, inner: () => Reply = () => jsonReply(200, {})) {
  const exchange = await exchangeOf(request);
  const own = await gateway.before(exchange);
  if (own) {
    return own;
  }
  const reply = inner();
  return (await gateway.after(exchange, reply)) ?? reply;
}

const statusOf = async (...args: Parameters<typeof ask>) => (await ask(...args)).status;

const cached = { cachingEnabled: true, cacheTtlInSeconds: 60 };
const keyed = (...cacheKeyParameters: string[]) => ({
  settings: cached,
  integration: { ...methodOf("GET /x").integration, cacheKeyParameters },
});

/** Counts what gets further in. */
function counting() {
  let count = 0;
  return () => {
    count += 1;
    return jsonReply(200, { count });
  };
}

test("what is for no method, or for another API, is told apart", async () => {
  const gateway = gatewayOf([methodOf("GET /a")]);

  expect(await statusOf(gateway, at("/b"))).toBe(403);
  expect(await statusOf(gateway, at("/a/"))).toBe(200);
  expect(await statusOf(gateway, { url: "/_aws/execute-api/other/main/b" })).toBe(200);
});

test("an answer is kept for its time", async () => {
  const gateway = gatewayOf([methodOf("GET /a", keyed())]);
  const inner = counting();
  const first = await textOf(await ask(gateway, at("/a"), inner));
  now += 59_999;
  const kept = await textOf(await ask(gateway, at("/a"), inner));
  now += 1;
  const later = await textOf(await ask(gateway, at("/a"), inner));

  expect([first, kept, later]).toEqual(['{"count":1}', '{"count":1}', '{"count":2}']);
});

test("answers are apart by method and by the keys named, not by anything else", async () => {
  const gateway = gatewayOf([
    methodOf("GET /a", keyed("method.request.querystring.days", "method.request.header.Accept-Language")),
    methodOf("GET /b/{id}", keyed("method.request.path.id")),
  ]);
  const inner = counting();
  const of = async (path: string, headers = {}) => textOf(await ask(gateway, at(path, { headers }), inner));
  const apart = [
    await of("/a"),
    await of("/a?days="),
    await of("/a?days=1"),
    await of("/a", { "accept-language": "de" }),
    await of("/b/1"),
    await of("/b/2"),
  ];

  expect(new Set(apart).size).toBe(apart.length);
  expect(await of("/a?other=1", { "x-other": "1" })).toBe(apart[0]);
  expect(await of("/b/2?days=1")).toBe(apart[5]);
});

test.each([
  ["without a cache", { hasCache: false }, keyed()],
  ["that is not to be kept", {}, { settings: {} }],
  ["that an authorizer guards", {}, { ...keyed(), authorization: "CUSTOM" }],
])("an answer %s is made anew each time", async (_what, stage, method) => {
  const gateway = gatewayOf([methodOf("GET /a", method)], stage);
  const inner = counting();
  await ask(gateway, at("/a"), inner);

  expect(await textOf(await ask(gateway, at("/a"), inner))).toBe('{"count":2}');
});

test.each([
  ["FAIL_WITH_403", 403, undefined],
  ["SUCCEED_WITH_RESPONSE_HEADER", 200, '{"count":1}'],
  [undefined, 200, '{"count":1}'],
  ["SUCCEED_WITHOUT_RESPONSE_HEADER", 200, '{"count":1}'],
])("who may not invalidate is answered by %s", async (strategy, status, text) => {
  const settings = { ...cached, unauthorizedCacheControlHeaderStrategy: strategy };
  const gateway = gatewayOf([methodOf("GET /a", { settings })]);
  const inner = counting();
  await ask(gateway, at("/a"), inner);
  const reply = await ask(gateway, at("/a", { headers: { "cache-control": "no-store, max-age=0" } }), inner);

  expect(reply.status).toBe(status);
  expect(text === undefined || (await textOf(reply)) === text).toBe(true);
});

test("where anybody may invalidate, the new answer takes the old one's place", async () => {
  const settings = { ...cached, requireAuthorizationForCacheControl: false };
  const gateway = gatewayOf([methodOf("GET /a", { settings })]);
  const inner = counting();
  await ask(gateway, at("/a"), inner);
  await ask(gateway, at("/a", { headers: { "cache-control": "max-age=0" } }), inner);

  expect(await textOf(await ask(gateway, at("/a"), inner))).toBe('{"count":2}');
});

test("another description empties the cache, the same one does not", async () => {
  const gateway = gatewayOf([methodOf("GET /a", keyed())]);
  const inner = counting();
  await ask(gateway, at("/a"), inner);
  gateway.configure([stageOf([methodOf("GET /a", keyed())])]);
  const same = await textOf(await ask(gateway, at("/a"), inner));
  gateway.configure([stageOf([methodOf("GET /a", keyed()), methodOf("GET /b")])]);
  const other = await textOf(await ask(gateway, at("/a"), inner));

  expect([same, other]).toEqual(['{"count":1}', '{"count":2}']);
});

test("a method throttles by its settings, kept answers too", async () => {
  const settings = { ...cached, throttlingRateLimit: 1, throttlingBurstLimit: 2 };
  const gateway = gatewayOf([methodOf("GET /a", { settings }), methodOf("GET /b", { settings })]);
  const statuses = [];
  for (const path of ["/a", "/a", "/a", "/b"]) {
    statuses.push(await statusOf(gateway, at(path)));
  }

  expect(statuses).toEqual([200, 200, 429, 200]);
  now += 1000;
  expect(await statusOf(gateway, at("/a"))).toBe(200);
});

test("a key is needed where it says so, even for what is kept", async () => {
  const gateway = gatewayOf([methodOf("GET /a", { ...keyed(), isKeyRequired: true })]);

  expect(await statusOf(gateway, at("/a", { headers: { "x-api-key": "x".repeat(20) } }))).toBe(403);
});

test("parameters that must be there are asked for", async () => {
  const requestParameters = {
    "method.request.querystring.days": true,
    "method.request.header.X-Trace": true,
    "method.request.querystring.limit": false,
  };
  const gateway = gatewayOf([methodOf("GET /a", { requestParameters })], {
    responses: {
      BAD_REQUEST_PARAMETERS: {
        statusCode: "422",
        parameters: { "gatewayresponse.header.X-Origin": "method.request.header.Origin" },
        template: '{"detail":"$context.error.validationErrorString"}',
      },
    },
  });
  const reply = await ask(gateway, at("/a", { headers: { origin: "https://a.example" } }));

  expect(reply.status).toBe(422);
  expect(reply.headers).toEqual(expect.arrayContaining(["x-origin", "https://a.example"]));
  expect(await textOf(reply)).toBe('{"detail":"Missing required request parameters: [days, X-Trace]"}');
  expect(await statusOf(gateway, at("/a?days=1", { headers: { "x-trace": "1" } }))).toBe(200);
});

test("what is wrong with a body is told in well-formed JSON, whatever the body says", async () => {
  const model = { type: "object", properties: { a: { type: "string", pattern: "^x$" } } };
  const models = { "application/json": JSON.stringify(model) };
  const gateway = gatewayOf([methodOf("POST /a", { models })], {
    responses: {
      DEFAULT_4XX: {
        statusCode: undefined,
        parameters: {},
        template: '{"detail":"$context.error.validationErrorString"}',
      },
    },
  });
  const body = JSON.stringify({ a: '"}\\ $context.requestId' });
  const reply = await ask(gateway, at("/a", { method: "POST", body }));

  expect(reply.status).toBe(400);
  expect(JSON.parse(await textOf(reply)).detail).toContain('\\"}\\\\ $context.requestId');
});

test("what API Gateway says of itself further in, it says in the API's words", async () => {
  const response = {
    statusCode: undefined,
    parameters: {},
    template: '{"said":$context.error.messageString}',
  };
  const gateway = gatewayOf([methodOf("GET /a")], {
    responses: { DEFAULT_5XX: response, DEFAULT_4XX: response },
  });
  const of = async (status: number, message: string) => {
    const reply = await ask(gateway, at("/a"), () => jsonReply(status, { message }));
    return [reply.status, await textOf(reply)];
  };

  expect(await of(502, "Internal server error")).toEqual([502, '{"said":"Internal server error"}']);
  expect(await of(413, "Request Entity Too Large")).toEqual([413, '{"said":"Request Too Long"}']);
  expect(await of(500, "the function's own")).toEqual([500, '{"message":"the function\'s own"}']);
});

test("a failure is not kept", async () => {
  const gateway = gatewayOf([methodOf("GET /a", keyed())]);
  await ask(gateway, at("/a"), () => jsonReply(502, { message: "Internal server error" }));

  expect(await statusOf(gateway, at("/a"))).toBe(200);
});

test("a direct integration behind an authorizer is left to the emulator", async () => {
  const method = methodOf("POST /a", { integration: storing, authorization: "COGNITO_USER_POOLS" });

  expect(await statusOf(gatewayOf([method]), at("/a", { method: "POST", body: "{}" }))).toBe(200);
});
