import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

/** What is made in a network without naming a group is in this one, which lets all of its members reach each other. */
export const defaultSecurityGroupClosed = stackRule({
  name: "default-security-group-closed",
  description: "The default security group of a network lets nothing through.",
  severity: "high",
  reference: fsbp("EC2.2", "VPC default security groups should not allow inbound or outbound traffic"),
  remediation: "Take it over by an aws.ec2.DefaultSecurityGroup with ingress: [] and egress: [].",
  type: Vpc,
  check: (vpc, stack, report) => {
    const groups = referrers(
      vpc,
      stack,
      ofType(stack, DefaultSecurityGroup),
      "vpcId",
      ({ props }) => props.vpcId,
    );
    const isClosed = groups.some(
      ({ props: { ingress, egress } }) => (ingress ?? []).length === 0 && (egress ?? []).length === 0,
    );
    if (!isClosed) report("leaves its default security group open");
  },
});
