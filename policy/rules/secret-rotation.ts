import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { SecretRotation } from "@pulumi/aws/secretsmanager/secretRotation";
import { known } from "../known";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

export const secretRotation = stackRule({
  name: "secret-rotation",
  description: "Secrets of Secrets Manager are rotated.",
  severity: "medium",
  reference: fsbp("SecretsManager.1", "Secrets Manager secrets should have automatic rotation enabled"),
  remediation: "Add an aws.secretsmanager.SecretRotation with rotationLambdaArn and rotationRules.",
  type: Secret,
  check: (secret, stack, report) => {
    const rotated = referrers(
      secret,
      stack,
      ofType(stack, SecretRotation),
      "secretId",
      ({ props }) => props.secretId,
    ).some(({ props }) => known(() => props.rotationEnabled) !== false);
    if (!rotated) report("keeps its value until somebody changes it by hand");
  },
});
