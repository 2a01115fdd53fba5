import { User } from "@pulumi/aws/elasticache/user";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/**
 * What anybody would be able to do with a password or without one is in `cache-iam-authentication`. A user that is off
 * may keep all rights: ElastiCache's own `default` has them.
 */
export const cacheAccessString = resourceRule({
  name: "cache-access-string",
  description: "Users of caches may use the commands that they need, on keys with a prefix.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"),
  remediation:
    'Name commands and the beginning of keys in accessString, such as "on ~views:* -@all +get +set".',
  type: User,
  check: ({ accessString }, report) => {
    const words = accessString.toLowerCase().split(/\s+/);
    if (!words.includes("on")) return;
    // Later words count: `-@all +get` takes all commands away and gives one back.
    const commands = words.findLast((word) => /^([+-]@all|allcommands|nocommands)$/.test(word));
    if (commands === "+@all" || commands === "allcommands") report("may use every command");
    const keys = words.slice(words.lastIndexOf("resetkeys") + 1);
    if (keys.some((word) => /^(~|%(r|w|rw|wr)~)\*+$|^allkeys$/.test(word))) report("may use every key");
  },
});
