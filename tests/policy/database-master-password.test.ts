import { Cluster } from "@pulumi/aws/rds/cluster";
import { databaseMasterPassword } from "../../policy/rules/database-master-password";
import { judge, unknown } from "./judge";

const remedy = "Set manageMasterUserPassword to true, and no password in the program.";

describe("database-master-password", () => {
  test.each([
    { masterPassword: "hunter2-hunter2" },
    { masterPasswordWo: "hunter2-hunter2" },
    { masterPassword: "hunter2-hunter2", manageMasterUserPassword: true },
  ])("refuses a password of the program, and does not show it: %j", (props) => {
    expect(judge(databaseMasterPassword, Cluster, props)).toEqual([
      `'subject' has a master password that the program knows, and nobody renews. ${remedy}`,
    ]);
  });

  test.each([{}, { manageMasterUserPassword: false }, { masterUsername: "owner" }])("refuses %j", (props) => {
    expect(judge(databaseMasterPassword, Cluster, props)).toEqual([
      `'subject' does not leave its master's password to Secrets Manager. ${remedy}`,
    ]);
  });

  test.each([
    { manageMasterUserPassword: true },
    { manageMasterUserPassword: unknown },
    { masterPassword: unknown },
    { replicationSourceIdentifier: "arn:aws:rds:eu-west-1:1:cluster:insights" },
  ])("lets %j pass", (props) => {
    expect(judge(databaseMasterPassword, Cluster, props)).toEqual([]);
  });

  test("says nothing of a cluster that is exempt with a reason", () => {
    const config = { exempt: { subject: "restored with the password it had" } };

    expect(judge(databaseMasterPassword, Cluster, {}, config)).toEqual([]);
  });
});
