import type { Properties, Resource } from "../../../local/engine/resource";
import { restStages } from "../../../local/front-door/rest-stages";
import { evaluate } from "../program";
import { notesApi } from "./rest-program";

/** A resource as the engine would have made it. */
const resourceOf = (type: string, id: string, inputs: Properties): Resource => ({
  urn: `urn:pulumi:test::gallery::${type}::${id}`,
  type,
  name: id,
  id,
  custom: true,
  parent: undefined,
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  inputs,
  outputs: inputs,
});

async function stages() {
  const { resources } = await evaluate(() => {
    notesApi();
    return {};
  });
  return restStages(resources.map(({ type, name, inputs }) => resourceOf(type, `${name}-id`, inputs)));
}

test("a stage of the block is described with its methods, limits, caches, answers and plans", async () => {
  const [stage, ...others] = await stages();

  expect(others).toEqual([]);
  expect(stage).toMatchObject({
    apiId: "api-id",
    stage: "main",
    hasCache: true,
    plans: [
      {
        id: "api-partners-id",
        throttle: { rateLimit: 5, burstLimit: 9 },
        quota: { limit: 100, period: "DAY" },
      },
    ],
  });
  expect(stage?.responses.THROTTLED).toMatchObject({ statusCode: "429" });
  const methods = Object.fromEntries((stage?.methods ?? []).map((method) => [method.key, method]));
  expect(Object.keys(methods).sort()).toEqual(["GET /notes/{id}", "OPTIONS /notes", "POST /notes"]);
  expect(methods["POST /notes"]).toMatchObject({
    path: "/notes",
    isKeyRequired: false,
    validatesBody: true,
    models: { "application/json": expect.stringContaining('"additionalProperties":false') },
    integration: { type: "AWS", passthroughBehavior: "NEVER", credentials: expect.any(String) },
    settings: { throttlingRateLimit: 1, throttlingBurstLimit: 2, cachingEnabled: false },
  });
  expect(methods["POST /notes"]?.integration.answers.map(({ statusCode }) => statusCode).sort()).toEqual([
    "202",
    "413",
    "503",
  ]);
  expect(methods["GET /notes/{id}"]).toMatchObject({
    isKeyRequired: true,
    models: {},
    integration: { type: "AWS_PROXY", cacheKeyParameters: ["method.request.path.id"] },
    settings: { throttlingRateLimit: 10, cachingEnabled: true, cacheTtlInSeconds: 60 },
  });
  expect(methods["OPTIONS /notes"]).toMatchObject({ settings: { throttlingRateLimit: 10 } });
});

test("settings for all methods cache what GET answers alone", () => {
  const place = { restApi: "a", resourceId: "r", httpMethod: "GET" };
  const ofMethod = (httpMethod: string) => [
    resourceOf("aws:apigateway/method:Method", httpMethod, { ...place, httpMethod, authorization: "NONE" }),
    resourceOf("aws:apigateway/integration:Integration", httpMethod, { ...place, httpMethod, type: "MOCK" }),
  ];
  const [stage] = restStages([
    resourceOf("aws:apigateway/resource:Resource", "r", { restApi: "a", parentId: "root", pathPart: "x" }),
    ...ofMethod("GET"),
    ...ofMethod("POST"),
    resourceOf("aws:apigateway/stage:Stage", "s", {
      restApi: "a",
      stageName: "v1",
      cacheClusterEnabled: true,
    }),
    resourceOf("aws:apigateway/methodSettings:MethodSettings", "all", {
      restApi: "a",
      stageName: "v1",
      methodPath: "*/*",
      settings: { cachingEnabled: true },
    }),
  ]);

  expect(stage?.methods.map(({ key, settings }) => [key, settings.cachingEnabled])).toEqual([
    ["GET /x", true],
    ["POST /x", false],
  ]);
});
