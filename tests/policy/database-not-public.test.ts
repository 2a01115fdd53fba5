import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance";
import { databaseNotPublic } from "../../policy/rules/database-not-public";
import { judge, unknown } from "./judge";

describe("database-not-public", () => {
  test("refuses an instance that is public", () => {
    expect(judge(databaseNotPublic, ClusterInstance, { publiclyAccessible: true })).toEqual([
      "'subject' has an address on the internet. Set publiclyAccessible to false.",
    ]);
  });

  test.each([{}, { publiclyAccessible: false }, { publiclyAccessible: unknown }])("lets %j pass", (props) => {
    expect(judge(databaseNotPublic, ClusterInstance, props)).toEqual([]);
  });

  test("says nothing of an instance that is exempt with a reason", () => {
    const props = { publiclyAccessible: true };
    const config = { exempt: { subject: "a course's, with made-up data" } };

    expect(judge(databaseNotPublic, ClusterInstance, props, config)).toEqual([]);
  });
});
