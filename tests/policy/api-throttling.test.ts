import { Stage } from "@pulumi/aws/apigatewayv2/stage";
import { apiThrottling } from "../../policy/rules/api-throttling";
import { judge, unknown } from "./judge";

describe("api-throttling", () => {
  test.each([
    {},
    { defaultRouteSettings: {} },
    { defaultRouteSettings: { throttlingRateLimit: 50 } },
    { defaultRouteSettings: { throttlingBurstLimit: 100 } },
  ])("refuses %j", (props) => {
    expect(judge(apiThrottling, Stage, props)).toEqual([
      expect.stringMatching(/^'subject' has no throttling limits of its own\. Set throttlingRateLimit/),
    ]);
  });

  test.each([
    { defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 100 } },
    { defaultRouteSettings: { throttlingRateLimit: unknown, throttlingBurstLimit: 100 } },
    { defaultRouteSettings: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(apiThrottling, Stage, props)).toEqual([]);
  });

  test("says nothing of a stage that is exempt with a reason", () => {
    expect(judge(apiThrottling, Stage, {}, { exempt: { subject: "the account has one API" } })).toEqual([]);
  });
});
