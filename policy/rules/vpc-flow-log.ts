import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

export const vpcFlowLog = stackRule({
  name: "vpc-flow-log",
  description: "Networks log at least what they refuse.",
  severity: "medium",
  reference: fsbp("EC2.6", "VPC flow logging should be enabled in all VPCs"),
  remediation: 'Make an aws.ec2.FlowLog for its vpcId, with trafficType "REJECT" or "ALL".',
  type: Vpc,
  check: (vpc, stack, report) => {
    const logs = referrers(vpc, stack, ofType(stack, FlowLog), "vpcId", ({ props }) => props.vpcId);
    if (!logs.some(({ props }) => props.trafficType !== "ACCEPT")) report("logs nothing of what it refuses");
  },
});
