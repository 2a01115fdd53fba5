import { Cluster } from "@pulumi/aws/rds/cluster";
import { databaseBackups } from "../../policy/rules/database-backups";
import { judge, unknown } from "./judge";

describe("database-backups", () => {
  test.each([
    [{}, 1],
    [{ backupRetentionPeriod: 1 }, 1],
    [{ backupRetentionPeriod: 6 }, 6],
  ])("refuses %j", (props, days) => {
    expect(judge(databaseBackups, Cluster, props)).toEqual([
      `'subject' keeps backups for ${days} d only. Set backupRetentionPeriod to 7 days or more.`,
    ]);
  });

  test.each([
    { backupRetentionPeriod: 7 },
    { backupRetentionPeriod: 35 },
    { backupRetentionPeriod: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(databaseBackups, Cluster, props)).toEqual([]);
  });

  test("says nothing of a cluster that is exempt with a reason", () => {
    const config = { exempt: { subject: "filled anew each night" } };

    expect(judge(databaseBackups, Cluster, {}, config)).toEqual([]);
  });
});
