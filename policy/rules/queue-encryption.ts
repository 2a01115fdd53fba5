import { Queue } from "@pulumi/aws/sqs/queue";
import { known } from "../known";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/**
 * SQS encrypts by default only what was made since 2022: said here, it holds for each queue.
 * https://aws.amazon.com/about-aws/whats-new/2022/10/amazon-sqs-announces-server-side-encryption-ssq-managed-sse-sqs-default/
 */
export const queueEncryption = resourceRule({
  name: "queue-encryption",
  description: "Queues are encrypted at rest.",
  severity: "medium",
  reference: fsbp("SQS.1", "Amazon SQS queues should be encrypted at rest"),
  remediation: "Set sqsManagedSseEnabled to true, or kmsMasterKeyId.",
  type: Queue,
  check: ({ sqsManagedSseEnabled, kmsMasterKeyId }, report) => {
    if (!sqsManagedSseEnabled && !known(() => kmsMasterKeyId)) report("does not ask for encryption at rest");
  },
});
