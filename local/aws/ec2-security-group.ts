import type * as aws from "@pulumi/aws";
import {
  type AnyResourceHandler,
  type Cloud,
  type Inputs,
  resource,
  type ServiceTable,
} from "../engine/resource";
import { Ec2Query, type Query } from "./ec2-query";
import { ask, ec2Arn, ec2Resource, ifThere, retagById, tagSpecification } from "./ec2-resource";
import { refuse } from "./faults";
import { nameOf } from "./request";

const advice =
  "Write each rule as an aws.vpc.SecurityGroupIngressRule or an aws.vpc.SecurityGroupEgressRule.";

/** Each group is made with a rule that lets everything out, which Pulumi's provider takes away at once. */
async function closeWays(GroupId: string, cloud: Cloud): Promise<void> {
  await ask(cloud, "RevokeSecurityGroupEgress", {
    GroupId,
    IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  });
}

async function idOf(name: string, vpcId: string | undefined, cloud: Cloud): Promise<string> {
  const groups = await cloud.client(Ec2Query).ask("DescribeSecurityGroups", {
    Filter: [
      { Name: "group-name", Value: [name] },
      { Name: "vpc-id", Value: [vpcId ?? ""] },
    ],
  });
  return groups.text("groupId") ?? "";
}

const securityGroup = ec2Resource<aws.ec2.SecurityGroupArgs>({
  kind: "security-group",
  create: ["CreateSecurityGroup", "groupId"],
  read: ["DescribeSecurityGroups", "GroupId", "groupId"],
  delete: ["DeleteSecurityGroup", "GroupId"],
  nameProperty: "name",
  replaceOn: ["description", "name", "namePrefix", "vpcId"],
  query(inputs) {
    refuse("aws:ec2/securityGroup:SecurityGroup", inputs, ["ingress", "egress"], advice);
    const { description = "Managed by Pulumi", vpcId } = inputs;
    return { GroupName: nameOf(inputs), GroupDescription: description, VpcId: vpcId };
  },
  async settle(id, _inputs, cloud) {
    await closeWays(id, cloud);
    return undefined;
  },
});

/** The group that a network is born with: taken over and emptied, and left when the program has it no more. */
const defaultSecurityGroup = resource<aws.ec2.DefaultSecurityGroupArgs>({
  replaceOn: ["vpcId"],
  outputs: (id, _inputs, place) => ({
    arn: ec2Arn(place, "security-group", id),
    name: "default",
    ownerId: place.account,
  }),
  async create({ vpcId, ingress, egress }, cloud) {
    const rules = {
      ingress: ingress?.length ? ingress : undefined,
      egress: egress?.length ? egress : undefined,
    };
    refuse("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", rules, ["ingress", "egress"], advice);
    const id = await idOf("default", vpcId, cloud);
    await closeWays(id, cloud);
    return { id };
  },
  async read(id, _inputs, cloud) {
    return (await ifThere(ask(cloud, "DescribeSecurityGroups", { GroupId: [id] }))) && {};
  },
  async update() {
    return {};
  },
  async delete() {},
});

type RuleArgs = aws.vpc.SecurityGroupIngressRuleArgs & aws.vpc.SecurityGroupEgressRuleArgs;

function permission({ ipProtocol, fromPort, toPort, ...peer }: Inputs<RuleArgs>): Query {
  const { referencedSecurityGroupId, prefixListId, cidrIpv4, cidrIpv6, description } = peer;
  const described = (query: Query) => [{ ...query, Description: description }];
  return {
    IpProtocol: ipProtocol,
    FromPort: fromPort,
    ToPort: toPort,
    ...(referencedSecurityGroupId && { Groups: described({ GroupId: referencedSecurityGroupId }) }),
    ...(prefixListId && { PrefixListIds: described({ PrefixListId: prefixListId }) }),
    ...(cidrIpv4 && { IpRanges: described({ CidrIp: cidrIpv4 }) }),
    ...(cidrIpv6 && { Ipv6Ranges: described({ CidrIpv6: cidrIpv6 }) }),
  };
}

/** A rule of one direction. */
function rule(direction: "Ingress" | "Egress"): AnyResourceHandler {
  return resource<RuleArgs>({
    replaceOn: [
      "cidrIpv4",
      "cidrIpv6",
      "description",
      "fromPort",
      "ipProtocol",
      "prefixListId",
      "referencedSecurityGroupId",
      "securityGroupId",
      "toPort",
    ],
    outputs: (id, _inputs, place) => ({
      arn: ec2Arn(place, "security-group-rule", id),
      securityGroupRuleId: id,
    }),
    async create(inputs, cloud) {
      const query = {
        GroupId: inputs.securityGroupId,
        IpPermissions: [permission(inputs)],
        ...tagSpecification("security-group-rule", inputs.tags),
      };
      const answer = await ask(cloud, `AuthorizeSecurityGroup${direction}`, query);
      return { id: answer.text("securityGroupRuleId") ?? "" };
    },
    async read(id, _inputs, cloud) {
      const query = { SecurityGroupRuleId: [id] };
      const found = await ifThere(ask(cloud, "DescribeSecurityGroupRules", query));
      return found?.texts("securityGroupRuleId").includes(id) ? {} : undefined;
    },
    async update(id, inputs, old, cloud) {
      await retagById(id, inputs, old, cloud);
      return {};
    },
    async delete(id, { securityGroupId: GroupId }, cloud) {
      await ifThere(ask(cloud, `RevokeSecurityGroup${direction}`, { GroupId, SecurityGroupRuleId: [id] }));
    },
  });
}

export const securityGroups: ServiceTable = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
};
