import { Stream } from "@pulumi/aws/kinesis/stream";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/** Kinesis encrypts nothing by default. */
export const streamEncryption = resourceRule({
  name: "stream-encryption",
  description: "Data streams are encrypted at rest.",
  severity: "medium",
  reference: fsbp("Kinesis.1", "Kinesis streams should be encrypted at rest"),
  remediation: 'Set encryptionType to "KMS" and kmsKeyId, such as to "alias/aws/kinesis".',
  type: Stream,
  check: ({ encryptionType, kmsKeyId }, report) => {
    if (encryptionType !== "KMS" || !kmsKeyId) report("is not encrypted at rest");
  },
});
