import { Role } from "@pulumi/aws/iam/role";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { functionTracing } from "../../policy/rules/function-tracing";
import { given, judgeStack, unknown } from "./judge";

describe("function-tracing", () => {
  test.each([{}, { tracingConfig: { mode: "PassThrough" } }])("refuses %j", (props) => {
    expect(judgeStack(functionTracing, [given(LambdaFunction, "list", props)])).toEqual({
      list: [`'list' does not trace its invocations. Set tracingConfig to { mode: "Active" }.`],
    });
  });

  test.each([
    { tracingConfig: { mode: "Active" } },
    { tracingConfig: unknown },
    { tracingConfig: { mode: unknown } },
  ])("lets %j pass", (props) => {
    expect(judgeStack(functionTracing, [given(LambdaFunction, "list", props)])).toEqual({});
  });

  test("leaves functions at the edge alone, where X-Ray is not offered", () => {
    // Prepare
    const assumeRolePolicy = { Statement: [{ Principal: { Service: "edgelambda.amazonaws.com" } }] };
    const role = given(Role, "edge", { arn: unknown, assumeRolePolicy });
    const page = given(LambdaFunction, "page", { role: unknown }, { role: [role] });

    // Act
    const messages = judgeStack(functionTracing, [role, page]);

    // Assess
    expect(messages).toEqual({});
  });
});
