import { Cluster } from "@pulumi/aws/rds/cluster";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/** The least that AWS Config takes for enough, so that a mistake of before a weekend can still be undone after it. */
const enoughDays = 7;

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
const defaultDays = 1;

export const databaseBackups = resourceRule({
  name: "database-backups",
  description: "Database clusters can be put back to any second of the last week.",
  severity: "medium",
  // Of the controls of FSBP, RDS.11 asks the same of instances that are in no cluster.
  reference: documentation(
    "https://docs.aws.amazon.com/config/latest/developerguide/rds-cluster-backup-retention-check.html",
  ),
  remediation: `Set backupRetentionPeriod to ${enoughDays} days or more.`,
  type: Cluster,
  check: ({ backupRetentionPeriod = defaultDays }, report) => {
    if (backupRetentionPeriod < enoughDays) report(`keeps backups for ${backupRetentionPeriod} d only`);
  },
});
