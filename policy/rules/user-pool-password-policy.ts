import { UserPool } from "@pulumi/aws/cognito/userPool";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/** Both by the control; the second is in days, and what Cognito does by itself. */
const leastLength = 8;
const longestTemporaryDays = 7;

const kinds = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"] as const;

export const userPoolPasswordPolicy = resourceRule({
  name: "user-pool-password-policy",
  description: "Passwords of users are hard to guess.",
  severity: "medium",
  reference: fsbp("Cognito.3", "Password policies for Cognito user pools should have strong configurations"),
  remediation: `Set in passwordPolicy minimumLength to at least ${leastLength}, ${kinds.join(", ")} to true, and temporaryPasswordValidityDays to at most ${longestTemporaryDays}.`,
  type: UserPool,
  check: ({ passwordPolicy }, report) => {
    if (!passwordPolicy) return report("has no password policy");
    const { minimumLength = 0, temporaryPasswordValidityDays = longestTemporaryDays } = passwordPolicy;
    if (minimumLength < leastLength) report(`takes passwords of ${minimumLength} characters`);
    const missing = kinds.filter((kind) => !passwordPolicy[kind]);
    if (missing.length > 0) report(`takes simple passwords: ${missing.join(", ")} not set`);
    if (temporaryPasswordValidityDays > longestTemporaryDays) {
      report(`lets temporary passwords be used for ${temporaryPasswordValidityDays} days`);
    }
  },
});
