import { Cluster } from "@pulumi/aws/rds/cluster";
import { databaseIamAuthentication } from "../../policy/rules/database-iam-authentication";
import { judge, unknown } from "./judge";

describe("database-iam-authentication", () => {
  test.each([{}, { iamDatabaseAuthenticationEnabled: false }])("refuses %j", (props) => {
    expect(judge(databaseIamAuthentication, Cluster, props)).toEqual([
      "'subject' lets nobody in without a password. Set iamDatabaseAuthenticationEnabled to true.",
    ]);
  });

  test.each([{ iamDatabaseAuthenticationEnabled: true }, { iamDatabaseAuthenticationEnabled: unknown }])(
    "lets %j pass",
    (props) => {
      expect(judge(databaseIamAuthentication, Cluster, props)).toEqual([]);
    },
  );

  test("says nothing of a cluster that is exempt with a reason", () => {
    const config = { exempt: { subject: "reached by the Data API alone" } };

    expect(judge(databaseIamAuthentication, Cluster, {}, config)).toEqual([]);
  });
});
