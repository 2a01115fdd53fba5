import { Cluster } from "@pulumi/aws/rds/cluster";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const databaseEncryption = resourceRule({
  name: "database-encryption",
  description: "Database clusters are encrypted at rest, and so are their backups.",
  severity: "medium",
  reference: fsbp("RDS.27", "RDS DB clusters should be encrypted at rest"),
  remediation: "Set storageEncrypted to true before data is there: it cannot be changed later.",
  type: Cluster,
  check: ({ storageEncrypted }, report) => {
    if (!storageEncrypted) report("keeps its data unencrypted");
  },
});
