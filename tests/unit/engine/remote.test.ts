import { Vpc, type VpcArgs } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { constructorIn } from "../../../local/aws/awsx";
import { Monitor } from "../../../local/engine/monitor";
import type { Registration } from "../../../local/engine/resource";

// Loaded beforehand, as by any program that makes resources of its own in a network.
import "@pulumi/aws/ec2";

/** What a program gets registered, and its outputs; ids are names with the type's last word. */
async function evaluate(
  program: () => Record<string, unknown>,
  preview = false,
): Promise<{ registered: Registration[]; outputs: unknown }> {
  const registered: Registration[] = [];
  const monitor = new Monitor(
    {
      invoke: async () => ({}),
      register: async (registration) => {
        const { name, type, custom } = registration;
        registered.push(registration);
        const id = custom ? `${name}.${type.split(":")[2]}` : undefined;
        return { id, outputs: { ...registration.inputs, arn: `arn:${id}` } };
      },
    },
    "project",
    "stack",
    preview,
    constructorIn("eu-west-1"),
  );
  const run = async () => {
    const outputs = await pulumi.runtime.runInPulumiStack(async () => program());
    await pulumi.runtime.disconnect();
    return outputs;
  };
  return { registered, outputs: await Promise.race([run(), monitor.failed]) };
}

const isolated: VpcArgs = {
  numberOfAvailabilityZones: 2,
  subnetStrategy: "Auto",
  subnetSpecs: [{ type: "Isolated" }],
  natGateways: { strategy: "None" },
};
const withNat: VpcArgs = {
  ...isolated,
  subnetSpecs: [{ type: "Public" }, { type: "Private" }],
  natGateways: { strategy: "Single" },
};

const namesOf = (registered: readonly Registration[]) =>
  registered
    .filter(({ type }) => type.startsWith("aws:"))
    .map(({ type, name }) => `${type.split(":")[2]} ${name}`)
    .sort();

const named = (registered: readonly Registration[], type: string, name: string) =>
  registered.find((one) => one.name === name && /^aws:.*:(.*)$/.exec(one.type)?.[1] === type);

test("a component of a plugin is made of what the plugin makes, by its names and parents", async () => {
  const { registered } = await evaluate(() => {
    new Vpc("net", isolated);
    return {};
  });

  expect(namesOf(registered)).toEqual([
    "InternetGateway net",
    "RouteTable net-isolated-1",
    "RouteTable net-isolated-2",
    "RouteTableAssociation net-isolated-1",
    "RouteTableAssociation net-isolated-2",
    "Subnet net-isolated-1",
    "Subnet net-isolated-2",
    "Vpc net",
  ]);
  const subnet = named(registered, "Subnet", "net-isolated-2");
  const table = named(registered, "RouteTable", "net-isolated-2");
  const vpc = named(registered, "Vpc", "net");
  expect(subnet).toMatchObject({
    urn: "urn:pulumi:stack::project::awsx:ec2:Vpc$aws:ec2/vpc:Vpc$aws:ec2/subnet:Subnet::net-isolated-2",
    parent: vpc?.urn,
    dependencies: [vpc?.urn],
    propertyDependencies: { vpcId: [vpc?.urn] },
    inputs: {
      vpcId: "net.Vpc",
      availabilityZone: "eu-west-1b",
      cidrBlock: "10.0.128.0/17",
      mapPublicIpOnLaunch: false,
      tags: { Name: "net-isolated-2", SubnetType: "Isolated" },
    },
  });
  expect(table?.parent).toBe(subnet?.urn);
  expect(named(registered, "RouteTableAssociation", "net-isolated-2")).toMatchObject({
    parent: table?.urn,
    inputs: { routeTableId: "net-isolated-2.RouteTable", subnetId: "net-isolated-2.Subnet" },
  });
});

test("with NAT, private subnets of all zones lead to the one gateway, public ones to the internet", async () => {
  const { registered, outputs } = await evaluate(() => {
    const vpc = new Vpc("net", withNat);
    return { ids: vpc.privateSubnetIds, gateways: vpc.natGateways.apply((all) => all.length) };
  });

  const routes = registered.filter(({ type }) => type === "aws:ec2/route:Route");
  expect(routes.map(({ name, inputs }) => [name, inputs.gatewayId ?? inputs.natGatewayId]).sort()).toEqual([
    ["net-private-1", "net-1.NatGateway"],
    ["net-private-2", "net-1.NatGateway"],
    ["net-public-1", "net.InternetGateway"],
    ["net-public-2", "net.InternetGateway"],
  ]);
  expect(named(registered, "NatGateway", "net-1")?.inputs).toMatchObject({
    subnetId: "net-public-1.Subnet",
    allocationId: "net-1.Eip",
  });
  expect(outputs).toEqual({ ids: ["net-private-1.Subnet", "net-private-2.Subnet"], gateways: 1 });
});

test.each([false, true])(
  "the component's outputs are as those of the plugin, in a preview: %s",
  async (preview) => {
    const { outputs } = await evaluate(() => {
      const vpc = new Vpc("net", isolated);
      return {
        vpcId: vpc.vpcId,
        arn: vpc.vpc.arn,
        isolatedSubnetIds: vpc.isolatedSubnetIds,
        publicSubnetIds: vpc.publicSubnetIds,
        tables: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
        zones: vpc.isolatedSubnets.apply((subnets) => subnets.map((subnet) => subnet.availabilityZone)),
      };
    }, preview);

    expect(outputs).toEqual({
      vpcId: "net.Vpc",
      arn: "arn:net.Vpc",
      isolatedSubnetIds: ["net-isolated-1.Subnet", "net-isolated-2.Subnet"],
      publicSubnetIds: [],
      tables: ["net-isolated-1.RouteTable", "net-isolated-2.RouteTable"],
      zones: ["eu-west-1a", "eu-west-1b"],
    });
  },
);

class Foreign extends pulumi.ComponentResource {
  constructor(name: string) {
    super("foreign:index:Thing", name, {}, {}, true);
  }
}

test.each([
  ["a component nobody has mapped", () => new Foreign("thing"), /foreign:index:Thing .*local\/aws\/awsx\.ts/],
  [
    "a layout that is not worked out here",
    () => new Vpc("net", { ...isolated, subnetStrategy: "Exact" }),
    /awsx:ec2:Vpc: .*subnetStrategy Exact.*Set it to "Auto"/,
  ],
])("%s is refused with what to do", async (_, program, message) => {
  const attempt = evaluate(() => {
    program();
    return {};
  });

  await expect(attempt).rejects.toThrow(message);
});
