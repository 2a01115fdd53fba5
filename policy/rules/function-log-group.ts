import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { runsAtEdge } from "../function";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { ofType, referred } from "../stack";

export const functionLogGroup = stackRule({
  name: "function-log-group",
  description:
    "Functions log to a log group of the program, not to one that Lambda makes, which has no retention.",
  severity: "medium",
  reference: cdkNag("Serverless", "CloudWatchLogGroupRetentionPeriod"),
  remediation: "Make an aws.cloudwatch.LogGroup and name it in loggingConfig.logGroup.",
  type: LambdaFunction,
  check: (found, stack, report) => {
    if (runsAtEdge(found, stack)) return;
    const { props } = found;
    const named = () => props.loggingConfig?.logGroup || `/aws/lambda/${props.name}`;
    const groups = ofType(stack, LogGroup);
    if (referred(found, "loggingConfig", named, groups)) return;
    report(`logs to '${named()}', which is no log group of the program`);
  },
});
