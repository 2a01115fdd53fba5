import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/** For each log group, of functions or not: none of them should keep what users did for ever. */
export const logGroupRetention = resourceRule({
  name: "log-group-retention",
  description: "Log groups keep their logs for a limited time.",
  severity: "medium",
  reference: fsbp("CloudWatch.16", "CloudWatch log groups should be retained for a specified time period"),
  remediation: "Set retentionInDays; 0 and the default mean for ever.",
  type: LogGroup,
  check: ({ retentionInDays }, report) => {
    if (!retentionInDays) report("keeps its logs for ever");
  },
});
