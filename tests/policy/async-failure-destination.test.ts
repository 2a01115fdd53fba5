import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { Alias } from "@pulumi/aws/lambda/alias";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig";
import { Permission } from "@pulumi/aws/lambda/permission";
import { Schedule } from "@pulumi/aws/scheduler/schedule";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import { asyncFailureDestination } from "../../policy/rules/async-failure-destination";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:notify";
const dead = "arn:aws:sqs:eu-west-1:123456789012:dead";
const notify = given(LambdaFunction, "notify", { name: "notify", arn });
const alias = given(Alias, "live", { arn: unknown }, { functionName: [notify] });

const target = given(EventTarget, "target", { arn });
const onFailure = { destinationConfig: { onFailure: { destination: dead } } };

describe("async-failure-destination", () => {
  test.each([
    target,
    given(EventTarget, "alias target", { arn: `${arn}:live` }),
    given(EventTarget, "alias target in a preview", { arn: unknown }, { arn: [alias] }),
    given(Schedule, "schedule", { target: { arn } }),
    given(TopicSubscription, "subscription", { protocol: "lambda", endpoint: arn }),
    given(Permission, "bucket", { function: "notify", principal: "s3.amazonaws.com" }),
    given(Permission, "logs", { function: arn, principal: "logs.eu-west-1.amazonaws.com" }),
  ])("refuses a function without that $name invokes", (invoker) => {
    // Act
    const messages = judgeStack(asyncFailureDestination, [notify, alias, invoker]);

    // Assess
    expect(messages).toEqual({
      notify: [expect.stringContaining(`'notify' drops the events of '${invoker.name}' which it fails to`)],
    });
  });

  test.each([
    given(FunctionEventInvokeConfig, "by name", { functionName: "notify", ...onFailure }),
    given(FunctionEventInvokeConfig, "by ARN", { functionName: arn, ...onFailure }),
    given(FunctionEventInvokeConfig, "not known", { functionName: "notify", destinationConfig: unknown }),
    given(
      FunctionEventInvokeConfig,
      "by dependency",
      { functionName: unknown, ...onFailure },
      { functionName: [notify] },
    ),
  ])("lets a function pass with a destination: $name", (config) => {
    expect(judgeStack(asyncFailureDestination, [notify, target, config])).toEqual({});
  });

  test("lets a function pass with a dead-letter queue of its own", () => {
    // Prepare
    const own = given(LambdaFunction, "notify", { arn, deadLetterConfig: { targetArn: dead } });

    // Act
    const messages = judgeStack(asyncFailureDestination, [own, target]);

    // Assess
    expect(messages).toEqual({});
  });

  test("refuses a configuration that has no destination for failures", () => {
    // Prepare
    const config = given(FunctionEventInvokeConfig, "retries", {
      functionName: "notify",
      maximumRetryAttempts: 0,
    });

    // Act
    const messages = judgeStack(asyncFailureDestination, [notify, target, config]);

    // Assess
    expect(Object.keys(messages)).toEqual(["notify"]);
  });

  test.each([
    given(Permission, "api", { function: "notify", principal: "apigateway.amazonaws.com" }),
    given(EventTarget, "other", { arn: `${arn}-other` }),
    given(EventTarget, "unknown", { arn: unknown }),
  ])("asks nothing of a function for $name", (invoker) => {
    expect(judgeStack(asyncFailureDestination, [notify, invoker])).toEqual({});
  });
});
