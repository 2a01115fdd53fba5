import { Cluster } from "@pulumi/aws/rds/cluster";
import { databaseEncryption } from "../../policy/rules/database-encryption";
import { judge, unknown } from "./judge";

describe("database-encryption", () => {
  test.each([{}, { storageEncrypted: false }, { kmsKeyId: "arn:aws:kms:eu-west-1:1:key/k" }])(
    "refuses %j",
    (props) => {
      expect(judge(databaseEncryption, Cluster, props)).toEqual([
        "'subject' keeps its data unencrypted. Set storageEncrypted to true before data is there: it cannot be " +
          "changed later.",
      ]);
    },
  );

  test.each([{ storageEncrypted: true }, { storageEncrypted: unknown }])("lets %j pass", (props) => {
    expect(judge(databaseEncryption, Cluster, props)).toEqual([]);
  });

  test("says nothing of a cluster that is exempt with a reason", () => {
    const config = { exempt: { subject: "holds public prices only" } };

    expect(judge(databaseEncryption, Cluster, {}, config)).toEqual([]);
  });
});
