import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const databaseNotPublic = resourceRule({
  name: "database-not-public",
  description: "Instances of a database cluster have no address on the internet.",
  severity: "critical",
  reference: fsbp(
    "RDS.2",
    "RDS DB instances should prohibit public access, determined by the PubliclyAccessible configuration",
  ),
  remediation: "Set publiclyAccessible to false.",
  type: ClusterInstance,
  check: ({ publiclyAccessible }, report) => {
    if (publiclyAccessible) report("has an address on the internet");
  },
});
