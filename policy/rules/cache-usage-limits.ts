import { ServerlessCache } from "@pulumi/aws/elasticache/serverlessCache";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/** Without limits a serverless cache grows to 5 TB and 15 million units a second, each at its price. */
export const cacheUsageLimits = resourceRule({
  name: "cache-usage-limits",
  description: "Serverless caches have limits for data and commands, so that there is an end to their bill.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html"),
  remediation:
    'Set cacheUsageLimits to { dataStorage: { maximum: 1, unit: "GB" }, ecpuPerSeconds: [{ maximum: 1000 }] }, or more.',
  type: ServerlessCache,
  check: ({ cacheUsageLimits }, report) => {
    const { dataStorage, ecpuPerSeconds } = cacheUsageLimits ?? {};
    if (!dataStorage?.maximum) report("has no limit for its data");
    if (!ecpuPerSeconds?.[0]?.maximum) report("has no limit for its commands");
  },
});
