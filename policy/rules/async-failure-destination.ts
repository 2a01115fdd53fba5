import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig";
import { Permission } from "@pulumi/aws/lambda/permission";
import { Schedule } from "@pulumi/aws/scheduler/schedule";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import type { PolicyResource } from "@pulumi/policy";
import { known } from "../known";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { type Found, ofType, refersTo } from "../stack";

/**
 * Services that invoke functions asynchronously, by the principal of their permission; CloudWatch Logs names
 * its Region too. https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
const asynchronous =
  /^(?:codecommit|config|events|iot|iotevents|logs(?:\.[a-z0-9-]+)?|s3|ses|sns)\.amazonaws\.com$/;

export const asyncFailureDestination = stackRule({
  name: "async-failure-destination",
  description: "Events that a function fails to process, invoked asynchronously, go to a destination.",
  severity: "high",
  reference: cdkNag("Serverless", "LambdaAsyncFailureDestination"),
  remediation:
    "Add an aws.lambda.FunctionEventInvokeConfig with destinationConfig.onFailure.destination, or set deadLetterConfig.",
  type: LambdaFunction,
  check: (found, stack, report) => {
    const invoker = asynchronousInvoker(found, stack);
    if (!invoker || known(() => found.props.deadLetterConfig?.targetArn)) return;
    const destined = ofType(stack, FunctionEventInvokeConfig).some(
      (config) =>
        refersTo(config, "functionName", () => config.props.functionName, found, stack) &&
        known(() => config.props.destinationConfig?.onFailure?.destination),
    );
    if (!destined) report(`drops the events of '${invoker.name}' which it fails to process`);
  },
});

/** What invokes the function without waiting for its answer. */
function asynchronousInvoker(
  found: Found<LambdaFunction>,
  stack: readonly PolicyResource[],
): PolicyResource | undefined {
  const invokers = [
    ...ofType(stack, EventTarget).filter((target) =>
      refersTo(target, "arn", () => target.props.arn, found, stack),
    ),
    ...ofType(stack, Schedule).filter((schedule) =>
      refersTo(schedule, "target", () => schedule.props.target.arn, found, stack),
    ),
    ...ofType(stack, TopicSubscription).filter(
      (subscription) =>
        known(() => subscription.props.protocol) === "lambda" &&
        refersTo(subscription, "endpoint", () => subscription.props.endpoint, found, stack),
    ),
    ...ofType(stack, Permission).filter((permission) => {
      const principal = known(() => permission.props.principal);
      return (
        typeof principal === "string" &&
        asynchronous.test(principal) &&
        refersTo(permission, "function", () => permission.props.function, found, stack)
      );
    }),
  ];
  return invokers[0]?.resource;
}
