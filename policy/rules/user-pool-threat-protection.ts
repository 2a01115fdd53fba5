import { UserPool } from "@pulumi/aws/cognito/userPool";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";
import { isForGood } from "../user-pool";

/** Cognito asks a price per user for it, by the plan Plus: a pool that may be deleted at any time has no users. */
export const userPoolThreatProtection = resourceRule({
  name: "user-pool-threat-protection",
  description: "Risky sign-ins and leaked passwords are refused where users are kept for good.",
  severity: "medium",
  reference: fsbp(
    "Cognito.1",
    "Cognito user pools should have threat protection activated with full function enforcement mode for standard authentication",
  ),
  remediation:
    'Set userPoolAddOns to { advancedSecurityMode: "ENFORCED" } and userPoolTier to "PLUS"; a pool without deletionProtection may do without.',
  type: UserPool,
  check: (pool, report) => {
    if (!isForGood(pool)) return;
    const { advancedSecurityMode = "OFF" } = pool.userPoolAddOns ?? {};
    if (advancedSecurityMode !== "ENFORCED") {
      report(`is protected from deletion and leaves threat protection at ${advancedSecurityMode}`);
    }
  },
});
