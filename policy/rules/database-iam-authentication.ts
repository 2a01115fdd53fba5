import { Cluster } from "@pulumi/aws/rds/cluster";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const databaseIamAuthentication = resourceRule({
  name: "database-iam-authentication",
  description: "Who connects to a database cluster can do so by IAM, without a password.",
  severity: "medium",
  reference: fsbp("RDS.12", "IAM authentication should be configured for RDS clusters"),
  remediation: "Set iamDatabaseAuthenticationEnabled to true.",
  type: Cluster,
  check: ({ iamDatabaseAuthenticationEnabled }, report) => {
    if (!iamDatabaseAuthenticationEnabled) report("lets nobody in without a password");
  },
});
