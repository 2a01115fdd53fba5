import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../iam";
import type { NetworkAccess } from "../network";
import type { Grant } from "../sdk/bind";
import { prefixOf, serviceOf } from "./endpoint-service";

/** How a function belongs to a network. */
export interface Attachment {
  readonly vpcConfig: {
    readonly subnetIds: pulumi.Output<string[]>;
    readonly securityGroupIds: pulumi.Output<string>[];
  };
  /** What its role needs so that Lambda can attach it. */
  readonly statements: pulumi.Output<Statement[]>;
}

type Member = Grant & { readonly network: NetworkAccess };

/** A callback uses servers of several networks. */
export class SeveralNetworks extends pulumi.RunError {
  constructor(name: string, [one, other]: readonly Member[]) {
    super(
      `${name}: the callback uses ${one?.owner} in network "${one?.network.network.name}" and ${other?.owner} in ` +
        `network "${other?.network.network.name}", but a function can be in one network only. ` +
        "Put both into the same, or use them in two functions.",
    );
  }
}

/** A callback needs more security groups than a function can have. */
export class TooManySecurityGroups extends pulumi.RunError {
  constructor(name: string, uses: readonly string[]) {
    super(
      `${name}: the callback uses ${uses.join(", ")}, each by a security group of its own, but a function can have ` +
        `${maximumSecurityGroups} of them. Divide its work among functions.`,
    );
  }
}

/** A callback calls a service for which its network has no way. */
export class ServiceUnreachable extends pulumi.RunError {
  constructor(name: string, network: string, { owner }: Grant, action: string) {
    const service = serviceOf(action);
    const remedy = service
      ? `Add endpoints: ["${service}"] to the network`
      : `${prefixOf(action)} has no endpoint here: give the network nat: true`;
    super(
      `${name}: the callback calls ${action} of ${owner}, which cannot be reached from network "${network}", where ` +
        `the function is. ${remedy}, or call it from a function that uses no server of the network.`,
    );
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maximumSecurityGroups = 5;

/**
 * What the grants of the function `name` ask of its attachment; nothing when it is in no network.
 * @throws SeveralNetworks, TooManySecurityGroups, ServiceUnreachable
 */
export function attachmentOf(name: string, grants: readonly Grant[]): Attachment | undefined {
  const members = grants.filter(isMember);
  const [first] = members;
  if (!first) {
    return undefined;
  }
  const { network } = first.network;
  const stranger = members.find((member) => member.network.network !== network);
  if (stranger) {
    throw new SeveralNetworks(name, [first, stranger]);
  }
  const groups = new Map(members.map(({ network, owner }) => [network.securityGroupId, owner]));
  for (const grant of grants.filter((each) => !isMember(each))) {
    for (const action of grant.calls.flatMap(({ actions }) => actions)) {
      const service = serviceOf(action);
      const endpoint = service && network.clientsOf(service);
      if (endpoint) {
        groups.set(endpoint, `the endpoint of ${service}`);
      } else if (!network.internetClients) {
        throw new ServiceUnreachable(name, network.name, grant, action);
      }
    }
  }
  // Where code calls others than AWS, nothing tells: what has a way out is for all.
  if (network.internetClients) {
    groups.set(network.internetClients, "the internet");
  }
  if (groups.size > maximumSecurityGroups) {
    throw new TooManySecurityGroups(name, [...groups.values()]);
  }
  const securityGroupIds = [...groups.keys()];
  const subnetIds = network.privateSubnetIds;
  return {
    vpcConfig: { subnetIds, securityGroupIds },
    statements: pulumi
      .all([network.place, subnetIds, pulumi.all(securityGroupIds)])
      .apply(([place, subnets, ids]) => interfaceStatements(place, subnets, ids)),
  };
}

const isMember = (grant: Grant): grant is Member => grant.network !== undefined;

/**
 * What Lambda does in the role's name to attach the function, and that the function's own code may do none of it.
 * Lambda tries whether it may delete an interface before it has one, so that action needs the whole pattern.
 * @param place beginning of the ARNs of what is in the network, `arn:aws:ec2:<region>:<account>`
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
function interfaceStatements(
  place: string,
  subnetIds: readonly string[],
  securityGroupIds: readonly string[],
): Statement[] {
  const create = ["ec2:CreateNetworkInterface"];
  const change = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
  ];
  // Neither has resource-level permissions.
  const describe = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
  return [
    {
      Effect: "Allow",
      Action: create,
      Resource: [
        `${place}:network-interface/*`,
        ...subnetIds.map((id) => `${place}:subnet/${id}`),
        ...securityGroupIds.map((id) => `${place}:security-group/${id}`),
      ],
    },
    { Effect: "Allow", Action: change, Resource: `${place}:*/*` },
    { Effect: "Allow", Action: describe, Resource: "*" },
    {
      Effect: "Deny",
      Action: [...change, ...create, ...describe].sort(),
      Resource: "*",
      // Calls of the function's code bear its ARN, those of Lambda do not.
      Condition: { Null: { "lambda:SourceFunctionArn": "false" } },
    },
  ];
}
