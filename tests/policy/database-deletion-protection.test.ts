import { Table } from "@pulumi/aws/dynamodb/table";
import { Cluster } from "@pulumi/aws/rds/cluster";
import { databaseDeletionProtection } from "../../policy/rules/database-deletion-protection";
import { given, judgeStack, unknown } from "./judge";

const photos = given(Table, "photos", { deletionProtectionEnabled: true });
const database = (props: object) => given(Cluster, "insights", props);

describe("database-deletion-protection", () => {
  test.each([{}, { deletionProtection: false }])("refuses %j where a table is protected", (props) => {
    expect(judgeStack(databaseDeletionProtection, [photos, database(props)])).toEqual({
      insights: [
        "'insights' can be deleted with its data, and 'photos' cannot. Set deletionProtection to true.",
      ],
    });
  });

  test.each([
    ["that is protected", [photos, database({ deletionProtection: true })]],
    ["of which that is not known", [photos, database({ deletionProtection: unknown })]],
    [
      "where nothing is protected",
      [given(Table, "photos", { deletionProtectionEnabled: false }), database({})],
    ],
    ["where it is not known", [given(Table, "photos", { deletionProtectionEnabled: unknown }), database({})]],
    ["where no table is", [database({})]],
  ])("lets a cluster pass %s", (_, stack) => {
    expect(judgeStack(databaseDeletionProtection, stack)).toEqual({});
  });

  test("says nothing of a cluster that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { insights: "filled anew each night" } };

    // Act
    const messages = judgeStack(databaseDeletionProtection, [photos, database({})], config);

    // Assess
    expect(messages).toEqual({});
  });
});
