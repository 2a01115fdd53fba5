import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { Queue } from "@pulumi/aws/sqs/queue";
import { documentation } from "../reference";
import { stackRule } from "../rule";
import { ofType, referred, refersTo } from "../stack";

/** Of AWS, in seconds. */
const defaultTimeout = 3;
const defaultVisibilityTimeout = 30;

/** Lambda holds a message while it gathers a batch, and for retries when the function is throttled. */
const timeouts = 6;

export const queueVisibilityTimeout = stackRule({
  name: "queue-visibility-timeout",
  description: "A queue hides a message until the function it feeds has had the time to process it.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"),
  remediation:
    "Set visibilityTimeoutSeconds to six times the function's timeout, plus maximumBatchingWindowInSeconds of the mapping.",
  type: Queue,
  check: (queue, stack, report) => {
    const functions = ofType(stack, LambdaFunction);
    for (const mapping of ofType(stack, EventSourceMapping)) {
      const { props } = mapping;
      if (!refersTo(mapping, "eventSourceArn", () => props.eventSourceArn, queue, stack)) continue;
      const consumer = referred(mapping, "functionName", () => props.functionName, functions);
      if (!consumer) continue;
      const needed =
        timeouts * (consumer.props.timeout ?? defaultTimeout) + (props.maximumBatchingWindowInSeconds ?? 0);
      const hidden = queue.props.visibilityTimeoutSeconds ?? defaultVisibilityTimeout;
      if (hidden < needed) {
        report(`hides a message for ${hidden} s, and '${consumer.resource.name}' needs ${needed} s`);
      }
    }
  },
});
