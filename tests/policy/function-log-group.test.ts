import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Role } from "@pulumi/aws/iam/role";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { functionLogGroup } from "../../policy/rules/function-log-group";
import { given, judgeStack, unknown } from "./judge";

describe("function-log-group", () => {
  test("refuses a function which names no log group of the program", () => {
    // Prepare
    const list = given(LambdaFunction, "list", { name: "list" });
    const read = given(LambdaFunction, "read", { name: "read", loggingConfig: { logGroup: "elsewhere" } });

    // Act
    const messages = judgeStack(functionLogGroup, [list, read]);

    // Assess
    expect(messages).toEqual({
      list: [expect.stringContaining("logs to '/aws/lambda/list', which is no log group of the program")],
      read: [expect.stringContaining("logs to 'elsewhere'")],
    });
  });

  test("lets it name one, or have one by its own name", () => {
    // Prepare
    const stack = [
      given(LogGroup, "photos", { name: "photos" }),
      given(LambdaFunction, "list", {
        name: "list",
        loggingConfig: { logGroup: "photos", logFormat: "JSON" },
      }),
      given(LogGroup, "read-logs", { name: "/aws/lambda/read" }),
      given(LambdaFunction, "read", { name: "read", loggingConfig: { logFormat: "Text", logGroup: "" } }),
    ];

    // Act
    const messages = judgeStack(functionLogGroup, stack);

    // Assess
    expect(messages).toEqual({});
  });

  test("finds it by dependency in a preview, and is silent without", () => {
    // Prepare
    const logs = given(LogGroup, "photos", { name: unknown });
    const loggingConfig = { logGroup: unknown };
    const stack = [
      logs,
      given(LambdaFunction, "list", { name: "list", loggingConfig }, { loggingConfig: [logs] }),
      given(LambdaFunction, "read", { name: unknown }),
    ];

    // Act
    const messages = judgeStack(functionLogGroup, stack);

    // Assess
    expect(messages).toEqual({});
  });

  test("leaves functions at the edge alone, which cannot choose", () => {
    // Prepare
    const arn = "arn:aws:iam::123456789012:role/edge";
    const assumeRolePolicy = JSON.stringify({
      Statement: { Principal: { Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] } },
    });
    const stack = [
      given(Role, "edge", { arn, assumeRolePolicy }),
      given(LambdaFunction, "page", { name: "page", role: arn }),
    ];

    // Act
    const messages = judgeStack(functionLogGroup, stack);

    // Assess
    expect(messages).toEqual({});
  });
});
