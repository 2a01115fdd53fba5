import { Cluster } from "@pulumi/aws/rds/cluster";
import { databaseLogs } from "../../policy/rules/database-logs";
import { judge, unknown } from "./judge";

const engine = "aurora-postgresql";

describe("database-logs", () => {
  test.each([
    { engine },
    { engine, enabledCloudwatchLogsExports: [] },
    { engine, enabledCloudwatchLogsExports: ["iam-db-auth-error"] },
  ])("refuses %j", (props) => {
    expect(judge(databaseLogs, Cluster, props)).toEqual([
      `'subject' keeps its logs to itself. Add "postgresql" to enabledCloudwatchLogsExports.`,
    ]);
  });

  test.each([
    { engine, enabledCloudwatchLogsExports: ["postgresql"] },
    { engine, enabledCloudwatchLogsExports: unknown },
    { engine: unknown },
    { engine: "aurora-mysql" },
  ])("lets %j pass", (props) => {
    expect(judge(databaseLogs, Cluster, props)).toEqual([]);
  });

  test("says nothing of a cluster that is exempt with a reason", () => {
    const config = { exempt: { subject: "read at the instance, by hand" } };

    expect(judge(databaseLogs, Cluster, { engine }, config)).toEqual([]);
  });
});
