import { UserPool } from "@pulumi/aws/cognito/userPool";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/** `OPTIONAL` will do: not each user of a public site has a second device, and those who have one can use it. */
export const userPoolMfa = resourceRule({
  name: "user-pool-mfa",
  description: "Users can protect their accounts with a second factor.",
  severity: "medium",
  reference: fsbp("Cognito.5", "MFA should be enabled for Cognito user pools"),
  remediation:
    'Set mfaConfiguration to "OPTIONAL" or "ON", and softwareTokenMfaConfiguration to { enabled: true }.',
  type: UserPool,
  check: ({ mfaConfiguration }, report) => {
    if ((mfaConfiguration || "OFF") === "OFF") report("lets nobody use a second factor");
  },
});
