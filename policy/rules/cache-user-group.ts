import { ServerlessCache } from "@pulumi/aws/elasticache/serverlessCache";
import { known } from "../known";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

export const cacheUserGroup = resourceRule({
  name: "cache-user-group",
  description: "Serverless caches let in the users of a group, each with rights of its own.",
  severity: "high",
  reference: documentation("https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"),
  remediation:
    'Set userGroupId to an aws.elasticache.UserGroup, and engine to "valkey" or "redis": Memcached knows no users.',
  type: ServerlessCache,
  check: ({ userGroupId }, report) => {
    if (!known(() => userGroupId)) report("lets in whoever reaches it, to do anything");
  },
});
