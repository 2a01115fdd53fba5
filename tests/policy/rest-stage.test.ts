import { MethodSettings } from "@pulumi/aws/apigateway/methodSettings";
import { Stage } from "@pulumi/aws/apigateway/stage";
import { restAccessLog } from "../../policy/rules/rest-access-log";
import { restCache } from "../../policy/rules/rest-cache";
import { restTracing } from "../../policy/rules/rest-tracing";
import { judge, unknown } from "./judge";

describe("rest-access-log", () => {
  test.each([{}, { accessLogSettings: { format: "$context.requestId" } }])("refuses %j", (props) => {
    expect(judge(restAccessLog, Stage, props)).toEqual([
      expect.stringMatching(/^'subject' does not log accesses\. Set accessLogSettings/),
    ]);
  });

  test.each([
    { accessLogSettings: { destinationArn: "arn:aws:logs:eu-west-1:1:log-group:a", format: "f" } },
    { accessLogSettings: { destinationArn: unknown, format: "f" } },
    { accessLogSettings: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(restAccessLog, Stage, props)).toEqual([]);
  });
});

describe("rest-tracing", () => {
  test.each([{}, { xrayTracingEnabled: false }])("refuses %j", (props) => {
    expect(judge(restTracing, Stage, props)).toEqual([expect.stringContaining("does not trace requests")]);
  });

  test.each([{ xrayTracingEnabled: true }, { xrayTracingEnabled: unknown }])("lets %j pass", (props) => {
    expect(judge(restTracing, Stage, props)).toEqual([]);
  });
});

describe("rest-cache", () => {
  test.each([
    [{ cachingEnabled: true }, "caches data without encryption"],
    [
      { cachingEnabled: true, cacheDataEncrypted: true, requireAuthorizationForCacheControl: false },
      "lets anybody empty the cache",
    ],
  ])("refuses %j", (settings, problem) => {
    expect(judge(restCache, MethodSettings, { settings })).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    {},
    { cachingEnabled: false },
    { cachingEnabled: true, cacheDataEncrypted: true },
    { cachingEnabled: true, cacheDataEncrypted: true, requireAuthorizationForCacheControl: true },
    unknown,
  ])("lets %j pass", (settings) => {
    expect(judge(restCache, MethodSettings, { settings })).toEqual([]);
  });
});
