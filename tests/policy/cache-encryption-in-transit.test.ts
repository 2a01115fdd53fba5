import { Cluster } from "@pulumi/aws/elasticache/cluster";
import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup";
import { cacheEncryptionInTransit } from "../../policy/rules/cache-encryption-in-transit";
import { judge, unknown } from "./judge";

const remedy = "Set transitEncryptionEnabled to true and leave transitEncryptionMode at its default.";

describe("cache-encryption-in-transit", () => {
  test.each([{}, { transitEncryptionEnabled: false }])("refuses a replication group with %j", (props) => {
    expect(judge(cacheEncryptionInTransit, ReplicationGroup, props)).toEqual([
      `'subject' is reached without TLS. ${remedy}`,
    ]);
  });

  test("refuses a replication group that prefers TLS", () => {
    const props = { transitEncryptionEnabled: true, transitEncryptionMode: "preferred" };

    expect(judge(cacheEncryptionInTransit, ReplicationGroup, props)).toEqual([
      `'subject' is reached without TLS too. ${remedy}`,
    ]);
  });

  test.each([
    { transitEncryptionEnabled: true },
    { transitEncryptionEnabled: true, transitEncryptionMode: "required" },
    { transitEncryptionEnabled: unknown },
  ])("lets a replication group with %j pass", (props) => {
    expect(judge(cacheEncryptionInTransit, ReplicationGroup, props)).toEqual([]);
  });

  test("refuses a cluster by itself, not one of a group", () => {
    expect(judge(cacheEncryptionInTransit, Cluster, { engine: "memcached" })).toHaveLength(1);
    expect(judge(cacheEncryptionInTransit, Cluster, { replicationGroupId: "views" })).toEqual([]);
    expect(judge(cacheEncryptionInTransit, Cluster, { replicationGroupId: unknown })).toEqual([]);
    expect(judge(cacheEncryptionInTransit, Cluster, { transitEncryptionEnabled: true })).toEqual([]);
  });

  test("says nothing of a group that is exempt with a reason", () => {
    const config = { exempt: { subject: "holds public prices only" } };

    expect(judge(cacheEncryptionInTransit, ReplicationGroup, {}, config)).toEqual([]);
  });
});
