import { Table } from "@pulumi/aws/dynamodb/table";
import { Cluster } from "@pulumi/aws/rds/cluster";
import { known } from "../known";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType } from "../stack";

/** A stack for development protects nothing, so that it can be destroyed; one that keeps its tables keeps all data. */
export const databaseDeletionProtection = stackRule({
  name: "database-deletion-protection",
  description: "Database clusters are protected from deletion where tables are.",
  severity: "low",
  reference: fsbp("RDS.7", "RDS clusters should have deletion protection enabled"),
  remediation: "Set deletionProtection to true.",
  type: Cluster,
  check: (cluster, stack, report) => {
    if (cluster.props.deletionProtection) return;
    const table = ofType(stack, Table).find(
      ({ props }) => known(() => props.deletionProtectionEnabled) === true,
    );
    if (table) report(`can be deleted with its data, and '${table.resource.name}' cannot`);
  },
});
