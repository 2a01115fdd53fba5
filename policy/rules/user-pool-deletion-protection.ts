import { UserPool } from "@pulumi/aws/cognito/userPool";
import { Table } from "@pulumi/aws/dynamodb/table";
import { known } from "../known";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType } from "../stack";
import { isForGood } from "../user-pool";

/** A stack for development protects nothing, so that it can be destroyed; one that keeps its tables has users. */
export const userPoolDeletionProtection = stackRule({
  name: "user-pool-deletion-protection",
  description: "Users are protected from deletion where tables are.",
  severity: "medium",
  reference: fsbp("Cognito.6", "Cognito user pools should have deletion protection enabled"),
  remediation: 'Set deletionProtection to "ACTIVE".',
  type: UserPool,
  check: (pool, stack, report) => {
    if (isForGood(pool.props)) return;
    const table = ofType(stack, Table).find(
      ({ props }) => known(() => props.deletionProtectionEnabled) === true,
    );
    if (table) report(`can be deleted with its users, and '${table.resource.name}' cannot`);
  },
});
