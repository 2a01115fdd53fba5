import { Cluster } from "@pulumi/aws/rds/cluster";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const databaseLogs = resourceRule({
  name: "database-logs",
  description: "PostgreSQL clusters publish their logs to CloudWatch Logs.",
  severity: "medium",
  reference: fsbp("RDS.37", "Aurora PostgreSQL DB clusters should publish logs to CloudWatch Logs"),
  remediation: 'Add "postgresql" to enabledCloudwatchLogsExports.',
  type: Cluster,
  check: ({ engine, enabledCloudwatchLogsExports = [] }, report) => {
    if (engine === "aurora-postgresql" && !enabledCloudwatchLogsExports.includes("postgresql")) {
      report("keeps its logs to itself");
    }
  },
});
