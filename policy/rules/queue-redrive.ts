import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { Queue } from "@pulumi/aws/sqs/queue";
import { RedrivePolicy } from "@pulumi/aws/sqs/redrivePolicy";
import { known } from "../known";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { ofType, refersTo } from "../stack";

export const queueRedrive = stackRule({
  name: "queue-redrive",
  description: "Messages that a function fails to process go to a dead-letter queue.",
  severity: "high",
  reference: cdkNag("Serverless", "SQSRedrivePolicy"),
  remediation: "Set its redrivePolicy to { deadLetterTargetArn, maxReceiveCount }.",
  type: Queue,
  check: (queue, stack, report) => {
    const consumer = ofType(stack, EventSourceMapping).find((mapping) =>
      refersTo(mapping, "eventSourceArn", () => mapping.props.eventSourceArn, queue, stack),
    );
    if (!consumer || known(() => queue.props.redrivePolicy)) return;
    const apart = ofType(stack, RedrivePolicy).some((policy) =>
      refersTo(policy, "queueUrl", () => policy.props.queueUrl, queue, stack),
    );
    if (!apart) report("gives its messages to a function again and again until they expire");
  },
});
