import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/** A serverless cache is encrypted always. */
export const cacheEncryptionAtRest = resourceRule({
  name: "cache-encryption-at-rest",
  description: "Caches on nodes are encrypted at rest, and so are their snapshots.",
  severity: "medium",
  reference: fsbp("ElastiCache.4", "ElastiCache replication groups should be encrypted at rest"),
  remediation: "Set atRestEncryptionEnabled to true before data is there: it cannot be changed later.",
  type: ReplicationGroup,
  check: ({ atRestEncryptionEnabled, engine = "redis" }, report) => {
    // The provider's default.
    if (!(atRestEncryptionEnabled ?? engine === "valkey")) report("keeps its data unencrypted");
  },
});
