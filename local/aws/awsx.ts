import type * as awsx from "@pulumi/awsx";
import { isUnknown } from "@pulumi/pulumi";
import { type Construct, type Made, type Make, referenceTo } from "../engine/remote";
import type { Inputs, Properties } from "../engine/resource";
import { refuse, UnsupportedInput } from "./faults";
import { layout } from "./subnet-layout";

type VpcInputs = Inputs<awsx.ec2.VpcArgs>;

const vpcType = "awsx:ec2:Vpc";

/** A component that the local cloud does not know how to make. */
export class UnmappedComponent extends Error {
  constructor(type: string) {
    super(`The local cloud does not know what ${type} is made of. Add it to local/aws/awsx.ts.`);
    this.name = "UnmappedComponent";
  }
}

/** What becomes of one subnet. */
interface SubnetParts {
  readonly type: string;
  readonly subnet: Made;
  readonly routeTable: Made;
  readonly association: Made;
  readonly route: Made | undefined;
}

/**
 * The network that the plugin makes, under the same names: a subnet of each kind in each zone with a route table of its
 * own, an internet gateway whether used or not, and with NAT a gateway with its address in the first or each zone.
 */
async function vpc(name: string, inputs: VpcInputs, region: string, make: Make): Promise<Properties> {
  refuse(vpcType, inputs, ["ipv4IpamPoolId", "vpcEndpointSpecs"], "Leave it out.");
  const strategy = inputs.natGateways?.strategy ?? "OnePerAz";
  if (inputs.natGateways?.elasticIpAllocationIds) {
    throw new UnsupportedInput(vpcType, "elasticIpAllocationIds", "Leave the addresses to the component.");
  }
  const { tags = {} } = inputs;
  const named = (Name: string, more: Properties = {}) => ({ tags: { Name, ...tags, ...more } });
  const zones = zonesOf(inputs, region);
  const { cidrBlock = "10.0.0.0/16" } = inputs;
  const subnets = layout(name, cidrBlock, zones, specsOf(inputs));

  const { enableDnsHostnames, enableDnsSupport, instanceTenancy, enableNetworkAddressUsageMetrics } = inputs;
  const network = await make({
    type: "aws:ec2/vpc:Vpc",
    name,
    inputs: defined({
      cidrBlock,
      enableDnsHostnames,
      enableDnsSupport,
      instanceTenancy,
      enableNetworkAddressUsageMetrics,
      ...named(name),
    }),
  });
  const inNetwork = { references: { vpcId: network }, parent: network };
  const internetGateway = make({
    type: "aws:ec2/internetGateway:InternetGateway",
    name,
    inputs: named(name),
    ...inNetwork,
  });

  const made = subnets.map(({ name: subnetName, type, zone, cidrBlock }) =>
    make({
      type: "aws:ec2/subnet:Subnet",
      name: subnetName,
      inputs: {
        availabilityZone: zone,
        cidrBlock,
        mapPublicIpOnLaunch: type === "Public",
        ...named(subnetName, { Name: subnetName, SubnetType: type }),
      },
      ...inNetwork,
    }),
  );
  const publicSubnets = made.filter((_, i) => subnets[i]?.type === "Public");
  const withGateway =
    strategy === "None" ? [] : strategy === "Single" ? publicSubnets.slice(0, 1) : publicSubnets;
  const gateways = withGateway.map(async (subnet, i) => {
    const place = { name: `${name}-${i + 1}`, inputs: named(`${name}-${i + 1}`), parent: await subnet };
    const address = await make({ type: "aws:ec2/eip:Eip", ...place });
    const gateway = await make({
      type: "aws:ec2/natGateway:NatGateway",
      ...place,
      references: { subnetId: await subnet, allocationId: address },
    });
    return { address, gateway };
  });

  const parts = await Promise.all(
    subnets.map(async ({ name: subnetName, type, zone }, i): Promise<SubnetParts> => {
      const subnet = await (made[i] as Promise<Made>);
      const routeTable = await make({
        type: "aws:ec2/routeTable:RouteTable",
        name: subnetName,
        inputs: named(subnetName, { Name: subnetName, SubnetType: type }),
        references: { vpcId: network },
        parent: subnet,
      });
      const association = make({
        type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
        name: subnetName,
        inputs: {},
        references: { routeTableId: routeTable, subnetId: subnet },
        parent: routeTable,
      });
      const out = await wayOut(type, zones.indexOf(zone));
      const route =
        out &&
        make({
          type: "aws:ec2/route:Route",
          name: subnetName,
          inputs: { destinationCidrBlock: "0.0.0.0/0" },
          references: { routeTableId: routeTable, ...out },
          parent: routeTable,
        });
      return { type, subnet, routeTable, association: await association, route: await route };
    }),
  );

  async function wayOut(type: string, zone: number): Promise<Record<string, Made> | undefined> {
    if (type === "Public") {
      return { gatewayId: await internetGateway };
    }
    const nat = await (gateways[zone] ?? gateways[0]);
    return type === "Private" && nat ? { natGatewayId: nat.gateway } : undefined;
  }

  const nats = await Promise.all(gateways);
  const all = (found: readonly (Made | undefined)[]) =>
    found.flatMap((one) => (one ? [referenceTo(one)] : []));
  const ofType = (type: string) => parts.filter((part) => part.type === type).map(({ subnet }) => subnet);
  const ids = (type: string) => ofType(type).map(({ id }) => id);
  return {
    vpc: referenceTo(network),
    vpcId: network.id,
    internetGateway: referenceTo(await internetGateway),
    subnets: all(parts.map(({ subnet }) => subnet)),
    publicSubnets: all(ofType("Public")),
    privateSubnets: all(ofType("Private")),
    isolatedSubnets: all(ofType("Isolated")),
    publicSubnetIds: ids("Public"),
    privateSubnetIds: ids("Private"),
    isolatedSubnetIds: ids("Isolated"),
    routeTables: all(parts.map(({ routeTable }) => routeTable)),
    routeTableAssociations: all(parts.map(({ association }) => association)),
    routes: all(parts.map(({ route }) => route)),
    natGateways: all(nats.map(({ gateway }) => gateway)),
    eips: all(nats.map(({ address }) => address)),
    vpcEndpoints: [],
    subnetLayout: specsOf(inputs),
  };
}

/** The zones of a Region are not asked for: each has at least three, and here all are alike. */
function zonesOf(
  { availabilityZoneNames, numberOfAvailabilityZones = 3 }: VpcInputs,
  region: string,
): string[] {
  const letters = [..."abcdef"].slice(0, numberOfAvailabilityZones);
  return availabilityZoneNames ?? letters.map((letter) => `${region}${letter}`);
}

function specsOf({ subnetStrategy, subnetSpecs }: VpcInputs) {
  if (subnetStrategy !== "Auto") {
    throw new UnsupportedInput(vpcType, `subnetStrategy ${subnetStrategy ?? "Legacy"}`, 'Set it to "Auto".');
  }
  if (!subnetSpecs || isUnknown(subnetSpecs)) {
    throw new UnsupportedInput(vpcType, "default for subnetSpecs", "List the kinds of subnets.");
  }
  return subnetSpecs.map((spec) => {
    refuse(vpcType, spec, ["cidrBlocks", "size"], "Give a cidrMask, or leave it out.");
    return { name: spec.name, type: String(spec.type), cidrMask: spec.cidrMask };
  });
}

const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

/** Remote component type → what its plugin does. */
const components: Readonly<
  Record<string, (name: string, inputs: Properties, region: string, make: Make) => Promise<Properties>>
> = { [vpcType]: vpc };

/**
 * Makes remote components in a Region.
 * @throws UnmappedComponent, UnsupportedInput
 */
export function constructorIn(region: string): Construct {
  return async ({ type, name, inputs }, make) => {
    const component = components[type];
    if (!component) throw new UnmappedComponent(type);
    return component(name, inputs, region, make);
  };
}
