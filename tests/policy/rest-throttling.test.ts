import { MethodSettings } from "@pulumi/aws/apigateway/methodSettings";
import { Stage } from "@pulumi/aws/apigateway/stage";
import { restThrottling } from "../../policy/rules/rest-throttling";
import { given, judgeStack, unknown } from "./judge";

const place = { restApi: "a1", stageName: "main" };
const stage = given(Stage, "main", place);
const limits = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };
const settings = (props: object) =>
  given(MethodSettings, "settings", { ...place, methodPath: "*/*", ...props });

describe("rest-throttling", () => {
  test.each([
    ["without settings", []],
    ["without a burst", [settings({ settings: { throttlingRateLimit: 50 } })]],
    ["with limits of one method", [settings({ methodPath: "~1views/POST", settings: limits })]],
    ["with limits of another stage", [settings({ stageName: "other", settings: limits })]],
  ])("refuses a stage %s", (_, others) => {
    expect(judgeStack(restThrottling, [stage, ...others])).toEqual({
      main: [expect.stringMatching(/^'main' has no throttling limits of its own\. Give the stage/)],
    });
  });

  test.each([
    ["with limits", [settings({ settings: limits })]],
    ["with limits that are not known", [settings({ settings: unknown })]],
    ["whose settings are not known", [settings({ restApi: unknown, settings: {} })]],
  ])("lets a stage pass %s", (_, others) => {
    expect(judgeStack(restThrottling, [stage, ...others])).toEqual({});
  });

  test("finds settings by dependency in a preview", () => {
    const planned = given(Stage, "main", { restApi: unknown, stageName: "main" });
    const weak = { ...settings({ restApi: unknown, settings: {} }), dependencies: [planned] };

    expect(judgeStack(restThrottling, [planned, weak])).toHaveProperty("main");
  });
});
