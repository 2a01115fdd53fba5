import {
  DescribeFlowLogsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import type * as aws from "@pulumi/aws";
import { ec2 } from "../../../local/aws/ec2";
import { Ec2Query } from "../../../local/aws/ec2-query";
import type { Inputs } from "../../../local/engine/resource";
import { type Deployed, Stack } from "./stack";

let stack: Stack;
let vpc: Deployed<aws.ec2.VpcArgs>;

beforeAll(async () => {
  stack = await Stack.start(ec2);
  vpc = await stack.create<aws.ec2.VpcArgs>("aws:ec2/vpc:Vpc", {
    cidrBlock: "10.0.0.0/16",
    enableDnsHostnames: true,
    tags: { Name: "net" },
  });
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(EC2Client);

const create = <Args>(type: string, inputs: Inputs<Args>) => stack.create<Args>(`aws:ec2/${type}`, inputs);
const createSubnet = () =>
  create<aws.ec2.SubnetArgs>("subnet:Subnet", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });
const createGroup = (name: string) =>
  create<aws.ec2.SecurityGroupArgs>("securityGroup:SecurityGroup", { name, vpcId: vpc.id });

async function group(id: string) {
  const { SecurityGroups = [] } = await client().send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return SecurityGroups[0];
}

/** Reads the resource, deletes it twice and reads it again. */
async function endOf({ read, ...resource }: Pick<Deployed<unknown>, "read" | "delete">) {
  const before = await read();
  await resource.delete();
  await resource.delete();
  return [before, await read()];
}
const ended = [{}, undefined];

test("a network has DNS as asked, subnets, and changes in place", async () => {
  // Act
  const attributes = async (Attribute: string) =>
    (await stack.cloud.client(Ec2Query).ask("DescribeVpcAttribute", { VpcId: vpc.id, Attribute })).text(
      "value",
    );
  const hostnames = await attributes("enableDnsHostnames");
  await vpc.update({ enableDnsHostnames: false, tags: { Name: "network" } });
  const subnet = await createSubnet();
  await subnet.update({ mapPublicIpOnLaunch: true, tags: { a: "1" } });

  // Assess
  const { Subnets } = await client().send(new DescribeSubnetsCommand({ SubnetIds: [subnet.id] }));
  expect([hostnames, await attributes("enableDnsHostnames")]).toEqual(["true", "false"]);
  expect(vpc.outputs.arn).toBe(`arn:aws:ec2:us-east-1:000000000000:vpc/${vpc.id}`);
  expect(Subnets).toMatchObject([
    { VpcId: vpc.id, MapPublicIpOnLaunch: true, Tags: [{ Key: "a", Value: "1" }] },
  ]);
  expect(await endOf(subnet)).toEqual(ended);
});

test("a subnet's routes lead out by gateways", async () => {
  // Prepare
  const subnet = await createSubnet();
  const tables = async () =>
    (await client().send(new DescribeRouteTablesCommand({ RouteTableIds: [table.id] }))).RouteTables;

  // Act
  const gateway = await create<aws.ec2.InternetGatewayArgs>("internetGateway:InternetGateway", {
    vpcId: vpc.id,
  });
  await gateway.update({ tags: { a: "1" } });
  const address = await create<aws.ec2.EipArgs>("eip:Eip", {});
  const nat = await create<aws.ec2.NatGatewayArgs>("natGateway:NatGateway", {
    subnetId: subnet.id,
    allocationId: String(address.outputs.allocationId),
  });
  const table = await create<aws.ec2.RouteTableArgs>("routeTable:RouteTable", { vpcId: vpc.id });
  const association = await create<aws.ec2.RouteTableAssociationArgs>(
    "routeTableAssociation:RouteTableAssociation",
    { routeTableId: table.id, subnetId: subnet.id },
  );
  const route = await create<aws.ec2.RouteArgs>("route:Route", {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    natGatewayId: nat.id,
  });

  // Assess
  expect(await tables()).toMatchObject([
    {
      Associations: [{ SubnetId: subnet.id }],
      Routes: [
        { DestinationCidrBlock: "10.0.0.0/16" },
        { DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: nat.id },
      ],
    },
  ]);
  for (const made of [route, association, table, nat, address, gateway, subnet]) {
    expect(await endOf(made)).toEqual(ended);
  }
});

test("groups are closed but for their rules, the default one too", async () => {
  // Prepare
  const server = await createGroup("server");
  const clients = await createGroup("clients");
  const standard = await create<aws.ec2.DefaultSecurityGroupArgs>(
    "defaultSecurityGroup:DefaultSecurityGroup",
    { vpcId: vpc.id, ingress: [], egress: [] },
  );
  const port = { ipProtocol: "tcp", fromPort: 6379, toPort: 6379 };

  // Act
  const ingress = await stack.create<aws.vpc.SecurityGroupIngressRuleArgs>(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { securityGroupId: server.id, referencedSecurityGroupId: clients.id, ...port },
  );
  const egress = await stack.create<aws.vpc.SecurityGroupEgressRuleArgs>(
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    { securityGroupId: clients.id, referencedSecurityGroupId: server.id, ...port },
  );

  // Assess
  const ofPort = (GroupId: string) => [
    { IpProtocol: "tcp", FromPort: 6379, ToPort: 6379, UserIdGroupPairs: [{ GroupId }] },
  ];
  expect(await group(server.id)).toMatchObject({
    IpPermissions: ofPort(clients.id),
    IpPermissionsEgress: [],
  });
  expect(await group(clients.id)).toMatchObject({
    IpPermissions: [],
    IpPermissionsEgress: ofPort(server.id),
  });
  expect(await group(standard.id)).toMatchObject({
    GroupName: "default",
    IpPermissions: [],
    IpPermissionsEgress: [],
  });
  for (const made of [ingress, egress, server, clients]) {
    expect(await endOf(made)).toEqual(ended);
  }
});

test("an endpoint changes its subnets in place; one of S3 tells the list of its addresses", async () => {
  // Prepare
  const [one, other] = [await createSubnet(), await createSubnet()];
  const common = { vpcId: vpc.id, policy: "{}" };
  const endpoint = await create<aws.ec2.VpcEndpointArgs>("vpcEndpoint:VpcEndpoint", {
    ...common,
    serviceName: "com.amazonaws.us-east-1.sqs",
    vpcEndpointType: "Interface",
    subnetIds: [one.id],
  });

  // Act
  await endpoint.update({ subnetIds: [other.id] });
  const gateway = await create<aws.ec2.VpcEndpointArgs>("vpcEndpoint:VpcEndpoint", {
    ...common,
    serviceName: "com.amazonaws.us-east-1.s3",
    vpcEndpointType: "Gateway",
  });

  // Assess
  const { VpcEndpoints } = await client().send(
    new DescribeVpcEndpointsCommand({ VpcEndpointIds: [endpoint.id] }),
  );
  expect(VpcEndpoints).toMatchObject([{ VpcEndpointType: "Interface", SubnetIds: [other.id] }]);
  expect(endpoint.outputs).not.toHaveProperty("prefixListId");
  expect(gateway.outputs.prefixListId).toMatch(/^pl-/);
  for (const made of [endpoint, gateway, one, other]) {
    expect(await endOf(made)).toEqual(ended);
  }
});

test("a flow log goes to a log group", async () => {
  // Prepare
  const logDestination = "arn:aws:logs:us-east-1:000000000000:log-group:refused";

  // Act
  const log = await create<aws.ec2.FlowLogArgs>("flowLog:FlowLog", {
    vpcId: vpc.id,
    trafficType: "REJECT",
    logDestination,
  });

  // Assess
  const { FlowLogs } = await client().send(new DescribeFlowLogsCommand({ FlowLogIds: [log.id] }));
  expect(FlowLogs).toMatchObject([{ TrafficType: "REJECT", LogDestination: logDestination }]);
  expect(await endOf(log)).toEqual(ended);
});

test("a network's own end", async () => {
  expect(await endOf(vpc)).toEqual(ended);
});

test("rules inside of groups and tables are refused with the type to use", async () => {
  const ingress = [{ protocol: "tcp", fromPort: 1, toPort: 1 }];

  await expect(
    create<aws.ec2.SecurityGroupArgs>("securityGroup:SecurityGroup", { name: "g", ingress }),
  ).rejects.toThrow(/no "ingress". Write each rule as an aws.vpc.SecurityGroupIngressRule/);
});
