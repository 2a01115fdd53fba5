import { Stage } from "@pulumi/aws/apigatewayv2/stage";
import { apiAccessLog } from "../../policy/rules/api-access-log";
import { judge, unknown } from "./judge";

const destinationArn = "arn:aws:logs:eu-west-1:123456789012:log-group:live";

describe("api-access-log", () => {
  test.each([{}, { accessLogSettings: { format: "$context.requestId" } }])("refuses %j", (props) => {
    expect(judge(apiAccessLog, Stage, props)).toEqual([
      expect.stringMatching(/^'subject' does not log accesses\. Set accessLogSettings to/),
    ]);
  });

  test.each([
    { accessLogSettings: { destinationArn, format: "$context.requestId" } },
    { accessLogSettings: { destinationArn: unknown } },
    { accessLogSettings: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(apiAccessLog, Stage, props)).toEqual([]);
  });

  test("says nothing of a stage that is exempt with a reason", () => {
    expect(judge(apiAccessLog, Stage, {}, { exempt: { subject: "CloudFront logs them" } })).toEqual([]);
  });
});
