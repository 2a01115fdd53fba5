import { Key } from "@pulumi/aws/kms/key";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

/**
 * KMS rotates symmetric encryption keys whose material it made itself.
 * https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
export const kmsKeyRotation = resourceRule({
  name: "kms-key-rotation",
  description: "Customer keys get new key material every year.",
  severity: "medium",
  reference: cdkNag("AwsSolutions", "KMS5"),
  remediation: "Set enableKeyRotation to true; what older material has encrypted stays readable.",
  type: Key,
  check: ({ customerMasterKeySpec, customKeyStoreId, enableKeyRotation }, report) => {
    const rotatable = (customerMasterKeySpec || "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT";
    if (rotatable && !customKeyStoreId && !enableKeyRotation) report("keeps the same key material for ever");
  },
});
