import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { HttpApi } from "../../../components/http-api";
import { queueTarget, RestApi, type RestApiArgs, streamTarget } from "../../../components/rest-api";
import { type RouteContract, routeContract } from "../../../components/route-contract";
import { UserPool } from "../../../components/user-pool";
import { evaluate, granted, only, type Registered } from "../program";

const postView = routeContract({
  id: "postView",
  method: "POST",
  path: "/views",
  summary: "Tell of a view",
  access: "anyone",
  body: () =>
    z.strictObject({ photo: z.uuid(), at: z.object({ x: z.int() }).optional() }).meta({ id: "View" }),
  responses: {},
});
const listTop = routeContract({
  id: "listTop",
  method: "GET",
  path: "/photos/{album}/top",
  summary: "List",
  access: "key",
  pathParameters: () => z.strictObject({ album: z.string() }),
  query: () => z.strictObject({ days: z.enum(["1", "7"]), limit: z.coerce.number().default(5) }),
  headers: { "accept-language": { description: "Language", required: false, schema: () => z.string() } },
  responses: {},
});
const queue = { arn: pulumi.output("arn:aws:sqs:eu-west-1:123456789012:views") };
const stream = {
  arn: pulumi.output("arn:aws:kinesis:eu-west-1:123456789012:stream/views"),
  name: pulumi.output("views"),
};
const ok = async () => ({ statusCode: 200 });
const plans: RestApiArgs["plans"] = {
  partners: { throttle: { rate: 5, burst: 9 }, quota: { requests: 100, period: "DAY" } },
};

const viewsApi = (args: Partial<RestApiArgs> = {}) =>
  new RestApi("api", { throttle: { rate: 10, burst: 20 }, plans, ...args });

type Graph = { resources: Registered[] };
const inputsOf = (graph: Graph, type: string, name: string) =>
  only(graph, `aws:apigateway/${type[0]?.toLowerCase()}${type.slice(1)}:${type}`, name).inputs;

const evaluateApi = (use: (api: RestApi) => unknown, args: Partial<RestApiArgs> = {}) =>
  evaluate(() => {
    const api = viewsApi(args);
    use(api);
    return { url: api.url };
  });

test("a stored route has a role of its own that may do one thing to one store", async () => {
  const graph = await evaluateApi((api) => {
    api.ingest(postView, queueTarget(queue));
    api.ingest({ ...postView, id: "streamView", path: "/stream" }, streamTarget(stream, "photo"));
  });

  const policies = ["api-post-view-policy", "api-stream-view-policy"].map((name) =>
    granted(only(graph, "aws:iam/rolePolicy:RolePolicy", name)),
  );
  expect(policies).toEqual([
    { "sqs:SendMessage": "arn:aws:sqs:eu-west-1:123456789012:views" },
    { "kinesis:PutRecord": "arn:aws:kinesis:eu-west-1:123456789012:stream/views" },
  ]);
  expect(inputsOf(graph, "Integration", "api-post-view-integration")).toMatchObject({
    type: "AWS",
    uri: "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/views",
    credentials: "arn:aws:iam:eu-west-1:123456789012:api-post-view-role",
    passthroughBehavior: "NEVER",
    requestTemplates: {
      "application/json": expect.stringMatching(/Action=SendMessage&MessageBody=\$util\.urlEncode/),
    },
  });
  expect(inputsOf(graph, "Integration", "api-stream-view-integration")).toMatchObject({
    uri: "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord",
    requestTemplates: {
      "application/json": expect.stringContaining(
        `"StreamName":"views","PartitionKey":$input.json('$.photo')`,
      ),
    },
  });
  expect(graph.resources.filter(({ type }) => type === "aws:lambda/function:Function")).toEqual([]);
});

test("what is stored has passed a model that takes no property more", async () => {
  const graph = await evaluateApi((api) => api.ingest(postView, queueTarget(queue)));

  const { schema, contentType } = inputsOf(graph, "Model", "api-post-view-model");
  const model = JSON.parse(String(schema));
  expect(contentType).toBe("application/json");
  expect(model).toMatchObject({
    $schema: "http://json-schema.org/draft-04/schema#",
    type: "object",
    required: ["photo"],
    additionalProperties: false,
    properties: { at: { type: "object", additionalProperties: false } },
  });
  expect(model.properties.photo).not.toHaveProperty("format");
  expect(inputsOf(graph, "RequestValidator", "api-validator")).toMatchObject({
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  expect(inputsOf(graph, "Method", "api-post-view-method")).toMatchObject({
    apiKeyRequired: false,
    requestValidatorId: "api-validator-id",
    requestModels: { "application/json": "postView" },
  });
});

test("the store's answers come as 202, 413 or 503, and none tells a detail", async () => {
  const graph = await evaluateApi((api) => api.ingest(postView, queueTarget(queue)));

  const answers = graph.resources
    .filter(({ type }) => type.endsWith(":IntegrationResponse"))
    .map(({ inputs }) => [inputs.selectionPattern, inputs.statusCode])
    .sort(([, a], [, b]) => Number(a) - Number(b));
  expect(answers).toEqual([
    ["200", "202"],
    ["400", "413"],
    [undefined, "503"],
  ]);
  expect(inputsOf(graph, "IntegrationResponse", "api-post-view-answer-503").responseParameters).toMatchObject(
    {
      "method.response.header.Retry-After": "'1'",
    },
  );
});

test("a route of a function is invoked for that route of that stage only, by holders of a key where it says so", async () => {
  const graph = await evaluateApi((api) => api.route(listTop, ok));

  expect(only(graph, "aws:lambda/permission:Permission", "api-list-top-permission").inputs.sourceArn).toBe(
    "arn:aws:execute-api:eu-west-1:123456789012:api/main/GET/photos/*/top",
  );
  expect(inputsOf(graph, "Method", "api-list-top-method")).toMatchObject({
    apiKeyRequired: true,
    requestParameters: { "method.request.querystring.days": true },
  });
  expect(inputsOf(graph, "UsagePlan", "api-partners")).toMatchObject({
    apiStages: [{ apiId: "api-id", stage: "main" }],
    throttleSettings: { rateLimit: 5, burstLimit: 9 },
    quotaSettings: { limit: 100, period: "DAY" },
  });
  expect(graph.resources.filter(({ type }) => /ApiKey|UsagePlanKey/.test(type))).toEqual([]);
});

test("paths share the resources of their beginnings", async () => {
  const graph = await evaluateApi((api) => {
    api.route(listTop, ok);
    api.ingest({ ...postView, path: "/photos" }, queueTarget(queue));
  });

  const resources = graph.resources.filter(({ type }) => type === "aws:apigateway/resource:Resource");
  expect(resources.map(({ inputs }) => [inputs.parentId, inputs.pathPart])).toEqual([
    ["api-root", "photos"],
    ["api-photos-id", "{album}"],
    ["api-photos-album-id", "top"],
  ]);
});

test("answers are kept where the API has a cache, apart by all that the route reads, and strangers cannot drop them", async () => {
  const graph = await evaluateApi((api) => api.route(listTop, ok, { cacheSeconds: 60 }), {
    cache: { sizeGb: "0.5" },
  });

  expect(inputsOf(graph, "Stage", "api-stage")).toMatchObject({
    cacheClusterEnabled: true,
    cacheClusterSize: "0.5",
  });
  expect(inputsOf(graph, "MethodSettings", "api-settings-get-photos-album-top")).toMatchObject({
    methodPath: "~1photos~1{album}~1top/GET",
    settings: {
      cachingEnabled: true,
      cacheTtlInSeconds: 60,
      cacheDataEncrypted: true,
      requireAuthorizationForCacheControl: true,
      unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITHOUT_RESPONSE_HEADER",
      throttlingRateLimit: 10,
    },
  });
  expect(inputsOf(graph, "Integration", "api-list-top-integration")).toMatchObject({
    cacheNamespace: "api-list-top",
    cacheKeyParameters: [
      "method.request.path.album",
      "method.request.querystring.days",
      "method.request.querystring.limit",
      "method.request.header.accept-language",
    ],
  });
});

test("without a cache nothing is kept", async () => {
  const graph = await evaluateApi((api) => api.route(listTop, ok, { cacheSeconds: 60 }));

  expect(inputsOf(graph, "Stage", "api-stage").cacheClusterEnabled).toBe(false);
  expect(graph.resources.filter(({ type }) => type.endsWith(":MethodSettings"))).toHaveLength(1);
});

test("the stage throttles, logs and traces everything; routes may have limits of their own", async () => {
  const graph = await evaluateApi((api) =>
    api.ingest(postView, queueTarget(queue), { throttle: { rate: 1, burst: 2 } }),
  );

  expect(inputsOf(graph, "Stage", "api-stage")).toMatchObject({
    stageName: "main",
    xrayTracingEnabled: true,
    accessLogSettings: { destinationArn: "arn:aws:cloudwatch:eu-west-1:123456789012:api-access" },
  });
  const throttles = graph.resources
    .filter(({ type }) => type.endsWith(":MethodSettings"))
    .map(({ inputs }) => [inputs.methodPath, inputs.settings]);
  expect(throttles).toMatchObject([
    [
      "*/*",
      { throttlingRateLimit: 10, throttlingBurstLimit: 20, loggingLevel: "ERROR", cachingEnabled: false },
    ],
    ["~1views/POST", { throttlingRateLimit: 1, throttlingBurstLimit: 2 }],
  ]);
});

test("any change of a part deploys anew, and the same program does not", async () => {
  const digest = async (contract: RouteContract, args?: Partial<RestApiArgs>) => {
    const graph = await evaluateApi((api) => api.ingest(contract, queueTarget(queue)), args);
    return inputsOf(graph, "Deployment", "api-deployment").triggers;
  };

  const first = await digest(postView);
  expect(await digest(postView)).toEqual(first);
  const others = [
    await digest({ ...postView, body: () => z.strictObject({ photo: z.string() }) }),
    await digest({ ...postView, access: "key" }),
    await digest(postView, { corsOrigins: ["https://a.example"] }),
  ];
  for (const other of others) {
    expect(other).not.toEqual(first);
  }
});

test("pages of one origin may read the answers of routes for anyone", async () => {
  const graph = await evaluateApi(
    (api) => {
      api.ingest(postView, queueTarget(queue));
      api.route(listTop, ok);
    },
    { corsOrigins: ["https://a.example"] },
  );

  const allow = "method.response.header.Access-Control-Allow-Origin";
  expect(inputsOf(graph, "IntegrationResponse", "api-options-views-answer").responseParameters).toMatchObject(
    {
      [allow]: "'https://a.example'",
      "method.response.header.Access-Control-Allow-Headers": "'content-type'",
    },
  );
  expect(inputsOf(graph, "IntegrationResponse", "api-post-view-answer-202").responseParameters).toEqual({
    [allow]: "'https://a.example'",
  });
  const preflights = graph.resources.filter(
    ({ inputs }) => inputs.httpMethod === "OPTIONS" && inputs.authorization,
  );
  expect(preflights.map(({ name }) => name)).toEqual(["api-options-views-method"]);
});

test("of several origins, the one that asks is found by a template", async () => {
  const graph = await evaluateApi((api) => api.ingest(postView, queueTarget(queue)), {
    corsOrigins: ["https://a.example", "http://localhost:5173"],
  });

  const { responseTemplates } = inputsOf(graph, "IntegrationResponse", "api-options-views-answer");
  expect(responseTemplates).toEqual({
    "application/json": expect.stringContaining(
      "$origin == 'https://a.example' || $origin == 'http://localhost:5173'",
    ),
  });
});

test("the API answers at its stage, with a slash at the end", async () => {
  const { outputs } = await evaluateApi(() => {});

  expect(outputs.url).toBe("https://api-stage.example/");
});

test.each<[string, (api: RestApi) => unknown, RegExp]>([
  [
    "a cache key that the route does not read",
    (api) => api.route(listTop, ok, { cacheSeconds: 1, cacheKeys: ["page"] }),
    /^api-list-top: the cache key page is nothing that the route reads; it reads album, days, limit, accept-language/,
  ],
  [
    "a cached route that changes something",
    (api) => api.route(postView, ok, { cacheSeconds: 1 }),
    /^api-post-view: only what GET answers is cached, not POST/,
  ],
  [
    "an answer that serves too long",
    (api) => api.route(listTop, ok, { cacheSeconds: 3601 }),
    /from 1 to 3600/,
  ],
  [
    "a function that may take longer than API Gateway waits",
    (api) => api.route(listTop, ok, { function: { timeoutSeconds: 30 } }),
    /^api-list-top: timeoutSeconds is 30; .* from 1 to 29/,
  ],
  [
    "a route for users",
    (api) => api.ingest({ ...postView, access: "user" }, queueTarget(queue)),
    /^api-post-view: the route is for users, .* serve it by an HttpApi/,
  ],
  [
    "storing what is no body",
    (api) => api.ingest(listTop, queueTarget(queue)),
    /^api-list-top: API Gateway stores the body and nothing else/,
  ],
  [
    "a body that JSON Schema cannot describe",
    (api) => api.ingest({ ...postView, body: () => z.object({ at: z.date() }) }, queueTarget(queue)),
    /^api-post-view: its body cannot be told to API Gateway/,
  ],
  [
    "a partition key that may be missing",
    (api) => api.ingest(postView, streamTarget(stream, "at")),
    /^api-post-view: at is no partition key/,
  ],
])("%s is refused", async (_what, use, message) => {
  await expect(evaluateApi(use)).rejects.toThrow(message);
});

test("a route for holders of a key needs plans, and no HTTP API serves it", async () => {
  await expect(evaluateApi((api) => api.route(listTop, ok), { plans: {} })).rejects.toThrow(
    /give api `plans`/,
  );

  const attempt = evaluate(() => {
    new HttpApi("http", { users: new UserPool("users"), throttle: { rate: 1, burst: 1 } }).route(listTop, ok);
    return {};
  });
  await expect(attempt).rejects.toThrow(/^http-list-top: an HTTP API knows no keys of usage plans/);
});

test("an origin that is none is refused", async () => {
  await expect(evaluateApi(() => {}, { corsOrigins: ["https://a.example'"] })).rejects.toThrow(
    /is no origin/,
  );
});
