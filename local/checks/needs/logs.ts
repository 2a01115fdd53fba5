import type * as aws from "@pulumi/aws";
import { parseArn } from "../arn";
import { arnOf } from "../graph";
import { invokes, type NeedsTable, needsOf, trusts } from "./need";
import { roleSends } from "./sending";

const principal = "logs.amazonaws.com";

export const logs: NeedsTable = {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter":
    needsOf<aws.cloudwatch.LogSubscriptionFilterArgs>(({ inputs }, graph) => {
      const { logGroup, destinationArn, roleArn } = inputs;
      const group = graph.find("aws:cloudwatch/logGroup:LogGroup", logGroup);
      const groupArn = arnOf(group);
      const who = `log group ${group?.name ?? logGroup}`;
      const because = `${who} sends its events to it`;
      return parseArn(destinationArn ?? "")?.service === "lambda"
        ? invokes(destinationArn, principal, groupArn && `${groupArn}:*`, because)
        : [
            ...trusts(roleArn, principal, `${who} delivers with it`),
            ...roleSends(roleArn, destinationArn, because),
          ];
    }),
};
