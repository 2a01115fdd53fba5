import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { SecurityGroupRule } from "@pulumi/aws/ec2/securityGroupRule";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule";
import { cdkNag } from "../reference";
import { anyResourceRule } from "../rule";

/** A rule in any of the forms that Pulumi has for it. */
interface Way {
  readonly isInward: boolean;
  readonly addresses: readonly (string | undefined)[];
  readonly fromPort?: number;
  readonly toPort?: number;
}

const everywhere = ["0.0.0.0/0", "::/0"];
const httpsPort = 443;

/** Out to everywhere leads a NAT gateway, and AWS's services have no addresses to name: by HTTPS it may. */
export const securityGroupOpen = anyResourceRule({
  name: "security-group-open",
  description: "Security groups let nobody in from everywhere, and out to everywhere by HTTPS alone.",
  severity: "high",
  reference: cdkNag("AwsSolutions", "EC23"),
  remediation: "Name the security group, or the prefix list, of the other side.",
  check: ({ asType }, report) => {
    const inward = asType(SecurityGroupIngressRule);
    const outward = asType(SecurityGroupEgressRule);
    const either = asType(SecurityGroupRule);
    const group = asType(SecurityGroup);
    const ways: Way[] = [
      ...(inward ? [{ ...portsOf(inward), isInward: true, addresses: addressesOf(inward) }] : []),
      ...(outward ? [{ ...portsOf(outward), isInward: false, addresses: addressesOf(outward) }] : []),
      ...(either
        ? [{ ...portsOf(either), isInward: either.type === "ingress", addresses: blocksOf(either) }]
        : []),
      ...(group?.ingress ?? []).map((way) => ({ ...portsOf(way), isInward: true, addresses: blocksOf(way) })),
      ...(group?.egress ?? []).map((way) => ({ ...portsOf(way), isInward: false, addresses: blocksOf(way) })),
    ];
    for (const { isInward, addresses, fromPort, toPort } of ways) {
      const isHttps = fromPort === httpsPort && toPort === httpsPort;
      for (const address of addresses) {
        if (address && everywhere.includes(address) && (isInward || !isHttps)) {
          report(`lets ${isInward ? "in from" : "out to"} ${address}`);
        }
      }
    }
  },
});

const portsOf = ({ fromPort, toPort }: { fromPort?: number; toPort?: number }) => ({ fromPort, toPort });

const addressesOf = ({ cidrIpv4, cidrIpv6 }: { cidrIpv4?: string; cidrIpv6?: string }) => [
  cidrIpv4,
  cidrIpv6,
];

const blocksOf = ({
  cidrBlocks = [],
  ipv6CidrBlocks = [],
}: {
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
}) => [...cidrBlocks, ...ipv6CidrBlocks];
