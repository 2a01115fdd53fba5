import { Cluster } from "@pulumi/aws/rds/cluster";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

export const databaseMasterPassword = resourceRule({
  name: "database-master-password",
  description: "The password of a database's master is made, kept and renewed by Secrets Manager.",
  severity: "high",
  reference: documentation(
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html",
  ),
  remediation: "Set manageMasterUserPassword to true, and no password in the program.",
  type: Cluster,
  check: (cluster, report) => {
    if (cluster.masterPassword || cluster.masterPasswordWo) {
      report("has a master password that the program knows, and nobody renews");
      return;
    }
    // A replica has the users of its source.
    if (!cluster.manageMasterUserPassword && !cluster.replicationSourceIdentifier) {
      report("does not leave its master's password to Secrets Manager");
    }
  },
});
