import { Queue } from "@pulumi/aws/sqs/queue";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";
import { deniesWithoutTls } from "../tls";

export const queueTlsOnly = stackRule({
  name: "queue-tls-only",
  description: "Queues are reached by TLS only.",
  severity: "medium",
  reference: cdkNag("AwsSolutions", "SQS4"),
  remediation:
    'Deny everybody sqs:* on the queue by an aws.sqs.QueuePolicy, on condition { Bool: { "aws:SecureTransport": "false" } }.',
  type: Queue,
  check: (queue, stack, report) => {
    const apart = referrers(
      queue,
      stack,
      ofType(stack, QueuePolicy),
      "queueUrl",
      ({ props }) => props.queueUrl,
    ).map(({ props }) => props.policy);
    const policies = apart.length > 0 ? apart : [queue.props.policy];
    if (!policies.some((policy) => deniesWithoutTls(policy, "sqs:*", [queue.props.arn]))) {
      report("answers requests that come without TLS");
    }
  },
});
