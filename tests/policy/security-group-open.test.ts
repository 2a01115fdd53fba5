import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { SecurityGroupRule } from "@pulumi/aws/ec2/securityGroupRule";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import { securityGroupOpen } from "../../policy/rules/security-group-open";
import { judge, unknown } from "./judge";

const remedy = "Name the security group, or the prefix list, of the other side.";
const in4 = `'subject' lets in from 0.0.0.0/0. ${remedy}`;
const out6 = `'subject' lets out to ::/0. ${remedy}`;
const https = { fromPort: 443, toPort: 443, ipProtocol: "tcp" };
const inward = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };

describe("security-group-open", () => {
  test("refuses ways in from everywhere, in each form", () => {
    expect([
      judge(securityGroupOpen, SecurityGroupIngressRule, { ...https, cidrIpv4: "0.0.0.0/0" }),
      judge(securityGroupOpen, SecurityGroupRule, { ...inward, type: "ingress" }),
      judge(securityGroupOpen, SecurityGroup, { ingress: [inward] }),
    ]).toEqual([[in4], [in4], [in4]]);
  });

  test("refuses ways out to everywhere but by HTTPS", () => {
    const every = { protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] };

    expect([
      judge(securityGroupOpen, SecurityGroupEgressRule, { ipProtocol: "-1", cidrIpv6: "::/0" }),
      judge(securityGroupOpen, SecurityGroupRule, { ...every, type: "egress" }),
      judge(securityGroupOpen, SecurityGroup, { egress: [every] }),
    ]).toEqual([[out6], [out6], [out6]]);
  });

  test.each([
    { ...https, referencedSecurityGroupId: "sg-1" },
    { ...https, prefixListId: "pl-1" },
    { ...https, cidrIpv4: "0.0.0.0/0" },
    { ...https, cidrIpv4: "10.0.0.0/16" },
    { ...https, cidrIpv4: unknown },
    { cidrIpv4: "0.0.0.0/0", fromPort: unknown, toPort: 443 },
  ])("lets %j pass as a way out", (props) => {
    expect(judge(securityGroupOpen, SecurityGroupEgressRule, props)).toEqual([]);
  });

  test("says nothing of a rule that is exempt with a reason", () => {
    const config = { exempt: { subject: "a public server" } };

    expect(
      judge(securityGroupOpen, SecurityGroupIngressRule, { ...https, cidrIpv4: "0.0.0.0/0" }, config),
    ).toEqual([]);
  });
});
