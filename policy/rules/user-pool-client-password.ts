import { UserPool } from "@pulumi/aws/cognito/userPool";
import { UserPoolClient } from "@pulumi/aws/cognito/userPoolClient";
import { documentation } from "../reference";
import { stackRule } from "../rule";
import { ofType, referred } from "../stack";
import { isForGood } from "../user-pool";

/** Both names, of which the second is the older. */
const passwordFlows = ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"];

/** At development, where users are made up, a command line signs in so. */
export const userPoolClientPassword = stackRule({
  name: "user-pool-client-password",
  description: "Passwords do not leave the user's device where users are kept for good.",
  severity: "medium",
  reference: documentation(
    "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
  ),
  remediation:
    "Take it out of explicitAuthFlows and sign in with ALLOW_USER_SRP_AUTH, which proves a password without sending it.",
  type: UserPoolClient,
  check: (client, stack, report) => {
    const flow = client.props.explicitAuthFlows?.find((allowed) => passwordFlows.includes(allowed));
    const pool = referred(client, "userPoolId", () => client.props.userPoolId, ofType(stack, UserPool));
    if (flow && pool && isForGood(pool.props)) {
      report(`lets users of '${pool.resource.name}', who are protected from deletion, sign in by ${flow}`);
    }
  },
});
