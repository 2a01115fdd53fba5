import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const functionZones = resourceRule({
  name: "function-zones",
  description: "Functions in a network are in several of its zones.",
  severity: "medium",
  reference: fsbp("Lambda.5", "VPC Lambda functions should operate in multiple Availability Zones"),
  remediation: "Give vpcConfig.subnetIds a subnet in each of two zones or more.",
  type: LambdaFunction,
  check: ({ vpcConfig }, report) => {
    // Without subnets it is in no network.
    if (vpcConfig?.subnetIds?.length === 1) report("is in one subnet of its network only");
  },
});
