import type * as aws from "@pulumi/aws";
import { arnOf } from "../graph";
import { type NeedsTable, needsOf, roleMay, trusts } from "./need";

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
const deliveryActions = [
  "logs:CreateLogStream",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
  "logs:PutLogEvents",
];

export const ec2: NeedsTable = {
  "aws:ec2/flowLog:FlowLog": needsOf<aws.ec2.FlowLogArgs>((log) => {
    const { iamRoleArn, logDestination } = log.inputs;
    const because = `flow log ${log.name} writes what a network does`;
    const streams = logDestination && `${logDestination}:log-stream:*`;
    return [
      ...trusts(iamRoleArn, "vpc-flow-logs.amazonaws.com", because, arnOf(log)),
      ...roleMay(iamRoleArn, deliveryActions, streams, because),
    ];
  }),
};
