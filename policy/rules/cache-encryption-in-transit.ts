import { Cluster } from "@pulumi/aws/elasticache/cluster";
import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup";
import { fsbp } from "../reference";
import { anyResourceRule } from "../rule";

/** A serverless cache speaks nothing but TLS. */
export const cacheEncryptionInTransit = anyResourceRule({
  name: "cache-encryption-in-transit",
  description: "Caches on nodes are reached by TLS only.",
  severity: "medium",
  reference: fsbp("ElastiCache.5", "ElastiCache replication groups should be encrypted in transit"),
  remediation: "Set transitEncryptionEnabled to true and leave transitEncryptionMode at its default.",
  check: ({ asType }, report) => {
    const group = asType(ReplicationGroup);
    // A member of a group has its group's encryption.
    const cluster = asType(Cluster);
    const node = group ?? (cluster?.replicationGroupId ? undefined : cluster);
    if (node && !node.transitEncryptionEnabled) report("is reached without TLS");
    if (group?.transitEncryptionMode === "preferred") report("is reached without TLS too");
  },
});
