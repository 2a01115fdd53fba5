import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup";
import { cacheEncryptionAtRest } from "../../policy/rules/cache-encryption-at-rest";
import { judge, unknown } from "./judge";

describe("cache-encryption-at-rest", () => {
  test.each([{}, { engine: "redis" }, { engine: "valkey", atRestEncryptionEnabled: false }])(
    "refuses %j",
    (props) => {
      expect(judge(cacheEncryptionAtRest, ReplicationGroup, props)).toEqual([
        "'subject' keeps its data unencrypted. Set atRestEncryptionEnabled to true before data is there: it cannot " +
          "be changed later.",
      ]);
    },
  );

  test.each([
    { engine: "valkey" },
    { engine: "redis", atRestEncryptionEnabled: true },
    { atRestEncryptionEnabled: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(cacheEncryptionAtRest, ReplicationGroup, props)).toEqual([]);
  });

  test("says nothing of a group that is exempt with a reason", () => {
    const config = { exempt: { subject: "holds public prices only" } };

    expect(judge(cacheEncryptionAtRest, ReplicationGroup, {}, config)).toEqual([]);
  });
});
