import { type ApiDescription, Throttle } from "../../../local/front-door/throttle";
import { exchangeOf, type Request, textOf } from "./exchange";

const API: ApiDescription = {
  apiId: "abc",
  stage: "live",
  routes: ["GET /photos", "GET /photos/{id}", "ANY /{proxy+}"],
  defaultLimit: { throttlingRateLimit: 1, throttlingBurstLimit: 2 },
  routeLimits: { "GET /photos": { throttlingRateLimit: 1, throttlingBurstLimit: 1 } },
};

let now = 0;

function throttleOf(...apis: ApiDescription[]): Throttle {
  const throttle = new Throttle(() => now);
  throttle.configure(apis);
  return throttle;
}

/** Statuses of that many requests at once; 200 for those let through. */
async function statuses(throttle: Throttle, count: number, request: Request): Promise<number[]> {
  const exchange = await exchangeOf({ headers: { host: "127.0.0.1" }, ...request });
  return Array.from({ length: count }, () => throttle.before(exchange)?.status ?? 200);
}

const at = (path: string, stage = "live") => ({ url: `/_aws/execute-api/abc/${stage}${path}` });

test("answers as API Gateway does", async () => {
  const throttle = throttleOf({ ...API, defaultLimit: { throttlingRateLimit: 0, throttlingBurstLimit: 0 } });
  const reply = throttle.before(await exchangeOf(at("/photos/1")));

  expect(reply?.status).toBe(429);
  expect(reply?.headers).toEqual(expect.arrayContaining(["content-type", "application/json"]));
  expect(await textOf(reply)).toBe('{"message":"Too Many Requests"}');
});

test("a route's own limit goes before the default", async () => {
  expect(await statuses(throttleOf(API), 3, at("/photos"))).toEqual([200, 429, 429]);
});

test("each route has a bucket of its own, shared by its paths", async () => {
  const throttle = throttleOf(API);

  expect(await statuses(throttle, 1, at("/photos/1"))).toEqual([200]);
  expect(await statuses(throttle, 2, at("/photos/2"))).toEqual([200, 429]);
  expect(await statuses(throttle, 3, at("/else"))).toEqual([200, 200, 429]);
});

test("time refills", async () => {
  const throttle = throttleOf(API);
  await statuses(throttle, 3, at("/photos"));
  now += 1000;

  expect(await statuses(throttle, 2, at("/photos"))).toEqual([200, 429]);
});

test("what a limit leaves open is the account's", async () => {
  const throttle = throttleOf({
    ...API,
    defaultLimit: { throttlingRateLimit: undefined, throttlingBurstLimit: 1 },
    routeLimits: { "GET /photos": { throttlingRateLimit: 1, throttlingBurstLimit: undefined } },
  });

  expect(await statuses(throttle, 2, at("/photos"))).toEqual([200, 429]);
  expect(await statuses(throttleOf({ ...API, defaultLimit: undefined }), 5000, at("/x"))).not.toContain(429);
  expect((await statuses(throttleOf({ ...API, defaultLimit: undefined }), 5001, at("/x"))).at(-1)).toBe(429);
});

test("a $default stage serves from the root", async () => {
  const throttle = throttleOf({ ...API, stage: "$default" });

  expect(await statuses(throttle, 2, { url: "/_aws/execute-api/abc/photos" })).toEqual([200, 429]);
  expect(await statuses(throttle, 1, at("/photos", "$default"))).toEqual([429]);
  expect(await statuses(throttle, 3, { url: "/_aws/execute-api/abc/photos/1" })).toEqual([200, 200, 429]);
});

test("a WebSocket connection counts against $connect", async () => {
  const throttle = throttleOf({ ...API, routes: ["$connect", "$default"] });
  const connect = { url: "/_aws/execute-api/abc/live", upgrade: true };

  expect(await statuses(throttle, 3, connect)).toEqual([200, 200, 429]);
});

test.each([
  ["another API", { url: "/_aws/execute-api/other/live/photos" }],
  ["a stage nobody described", at("/photos", "test")],
  ["a route nobody described", at("")],
  ["an AWS call", { headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } }],
])("%s is let through", async (_what, request) => {
  expect(await statuses(throttleOf(API), 5, request)).not.toContain(429);
});

test("a new configuration takes the place of the old", async () => {
  const throttle = throttleOf(API);
  await statuses(throttle, 3, at("/photos"));
  throttle.configure([]);

  expect(await statuses(throttle, 3, at("/photos"))).not.toContain(429);
});
