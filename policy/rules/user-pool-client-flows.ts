import { UserPoolClient } from "@pulumi/aws/cognito/userPoolClient";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/** Both names, of which the second is the older. */
const adminFlows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"];

export const userPoolClientFlows = resourceRule({
  name: "user-pool-client-flows",
  description: "Clients of user pools sign users in without showing passwords, tokens or who is a user.",
  severity: "high",
  reference: documentation(
    "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html",
  ),
  remediation:
    'Set allowedOauthFlows to ["code"], explicitAuthFlows to ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], enableTokenRevocation to true and preventUserExistenceErrors to "ENABLED".',
  type: UserPoolClient,
  check: (client, report) => {
    const { allowedOauthFlows = [], explicitAuthFlows = [], enableTokenRevocation } = client;
    if (allowedOauthFlows.includes("implicit"))
      report("gets tokens in the address of a page, where others read");
    for (const flow of explicitAuthFlows.filter((allowed) => adminFlows.includes(allowed))) {
      report(`lets a server sign users in with their passwords, by ${flow}`);
    }
    // Left out, it is on.
    if (enableTokenRevocation === false) report("leaves tokens valid after sign-out");
    if (client.preventUserExistenceErrors !== "ENABLED") report("tells whoever asks who is a user");
  },
});
