import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { isCustomerKey } from "../key";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

export const secretCustomerKey = resourceRule({
  name: "secret-customer-key",
  description: "Who may read a secret of Secrets Manager is decided by a key of the customer's too.",
  severity: "medium",
  reference: documentation(
    "https://docs.aws.amazon.com/config/latest/developerguide/secretsmanager-using-cmk.html",
  ),
  remediation:
    "Set kmsKeyId to the ARN of an aws.kms.Key, and let those decrypt with it who read the secret.",
  type: Secret,
  check: ({ kmsKeyId }, report) => {
    if (!isCustomerKey(kmsKeyId)) report("is encrypted with the key that AWS made for the whole account");
  },
});
