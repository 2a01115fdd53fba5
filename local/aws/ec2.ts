import type * as aws from "@pulumi/aws";
import { type Inputs, resource, type ServiceTable } from "../engine/resource";
import { ask, ec2Resource, ifThere } from "./ec2-resource";
import { securityGroups } from "./ec2-security-group";
import { refuse } from "./faults";
import { policyText } from "./request";

const vpc = ec2Resource<aws.ec2.VpcArgs>({
  kind: "vpc",
  create: ["CreateVpc", "vpcId"],
  read: ["DescribeVpcs", "VpcId", "vpcId"],
  delete: ["DeleteVpc", "VpcId"],
  replaceOn: ["cidrBlock", "instanceTenancy"],
  query: ({ cidrBlock, instanceTenancy }) => ({ CidrBlock: cidrBlock, InstanceTenancy: instanceTenancy }),
  outputs: (_id, inputs) => ({
    enableDnsHostnames: inputs.enableDnsHostnames ?? false,
    enableDnsSupport: inputs.enableDnsSupport ?? true,
  }),
  // EC2 takes one attribute at a time.
  async settle(VpcId, { enableDnsHostnames = false, enableDnsSupport = true }, cloud) {
    await Promise.all([
      ask(cloud, "ModifyVpcAttribute", { VpcId, "EnableDnsHostnames.Value": enableDnsHostnames }),
      ask(cloud, "ModifyVpcAttribute", { VpcId, "EnableDnsSupport.Value": enableDnsSupport }),
    ]);
    return undefined;
  },
});

const subnet = ec2Resource<aws.ec2.SubnetArgs>({
  kind: "subnet",
  create: ["CreateSubnet", "subnetId"],
  read: ["DescribeSubnets", "SubnetId", "subnetId"],
  delete: ["DeleteSubnet", "SubnetId"],
  replaceOn: ["availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId"],
  query: ({ availabilityZone, cidrBlock, vpcId }) => ({
    AvailabilityZone: availabilityZone,
    CidrBlock: cidrBlock,
    VpcId: vpcId,
  }),
  outputs: (_id, inputs) => ({ mapPublicIpOnLaunch: inputs.mapPublicIpOnLaunch ?? false }),
  async change(SubnetId, { mapPublicIpOnLaunch = false }, _old, cloud) {
    await ask(cloud, "ModifySubnetAttribute", { SubnetId, "MapPublicIpOnLaunch.Value": mapPublicIpOnLaunch });
  },
  async settle(SubnetId, { mapPublicIpOnLaunch }, cloud) {
    if (mapPublicIpOnLaunch) {
      await ask(cloud, "ModifySubnetAttribute", { SubnetId, "MapPublicIpOnLaunch.Value": true });
    }
    return undefined;
  },
});

const internetGateway = ec2Resource<aws.ec2.InternetGatewayArgs>({
  kind: "internet-gateway",
  create: ["CreateInternetGateway", "internetGatewayId"],
  read: ["DescribeInternetGateways", "InternetGatewayId", "internetGatewayId"],
  delete: ["DeleteInternetGateway", "InternetGatewayId"],
  replaceOn: ["vpcId"],
  query: () => ({}),
  async settle(InternetGatewayId, { vpcId: VpcId }, cloud) {
    if (VpcId !== undefined) {
      // Attached already, when only tags have changed.
      await ask(cloud, "DetachInternetGateway", { InternetGatewayId, VpcId });
      await ask(cloud, "AttachInternetGateway", { InternetGatewayId, VpcId });
    }
    return undefined;
  },
  release: (InternetGatewayId, { vpcId: VpcId }, cloud) =>
    ask(cloud, "DetachInternetGateway", { InternetGatewayId, VpcId }),
});

const routeTable = ec2Resource<aws.ec2.RouteTableArgs>({
  kind: "route-table",
  create: ["CreateRouteTable", "routeTableId"],
  read: ["DescribeRouteTables", "RouteTableId", "routeTableId"],
  delete: ["DeleteRouteTable", "RouteTableId"],
  replaceOn: ["vpcId"],
  query(inputs) {
    refuse("aws:ec2/routeTable:RouteTable", inputs, ["routes"], "Write each as an aws.ec2.Route.");
    return { VpcId: inputs.vpcId };
  },
});

const routeTableAssociation = resource<aws.ec2.RouteTableAssociationArgs>({
  outputs: () => ({}),
  async create({ routeTableId: RouteTableId, subnetId: SubnetId }, cloud) {
    const answer = await ask(cloud, "AssociateRouteTable", { RouteTableId, SubnetId });
    return { id: answer.text("associationId") ?? "" };
  },
  async read(id, _inputs, cloud) {
    const answer = await ask(cloud, "DescribeRouteTables", {});
    return answer.texts("routeTableAssociationId").includes(id) ? {} : undefined;
  },
  async delete(id, _inputs, cloud) {
    await ifThere(ask(cloud, "DisassociateRouteTable", { AssociationId: id }));
  },
});

const route = resource<aws.ec2.RouteArgs>({
  outputs: () => ({ state: "active", origin: "CreateRoute" }),
  async create(inputs, cloud) {
    const { routeTableId, destinationCidrBlock, gatewayId, natGatewayId } = inputs;
    await ask(cloud, "CreateRoute", {
      RouteTableId: routeTableId,
      DestinationCidrBlock: destinationCidrBlock,
      GatewayId: gatewayId,
      NatGatewayId: natGatewayId,
    });
    return { id: `r-${routeTableId}-${destinationCidrBlock}` };
  },
  async read(_id, { routeTableId, destinationCidrBlock = "" }, cloud) {
    const found = await ifThere(ask(cloud, "DescribeRouteTables", { RouteTableId: [routeTableId] }));
    return found?.texts("destinationCidrBlock").includes(destinationCidrBlock) ? {} : undefined;
  },
  async delete(_id, { routeTableId, destinationCidrBlock }, cloud) {
    const query = { RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock };
    await ifThere(ask(cloud, "DeleteRoute", query));
  },
});

const eip = ec2Resource<aws.ec2.EipArgs>({
  kind: "elastic-ip",
  create: ["AllocateAddress", "allocationId"],
  read: ["DescribeAddresses", "AllocationId", "allocationId"],
  delete: ["ReleaseAddress", "AllocationId"],
  replaceOn: ["domain"],
  query: () => ({ Domain: "vpc" }),
  outputs: (id) => ({ allocationId: id, domain: "vpc" }),
});

const natGateway = ec2Resource<aws.ec2.NatGatewayArgs>({
  kind: "natgateway",
  create: ["CreateNatGateway", "natGatewayId"],
  read: ["DescribeNatGateways", "NatGatewayId", "natGatewayId"],
  delete: ["DeleteNatGateway", "NatGatewayId"],
  replaceOn: ["allocationId", "connectivityType", "subnetId"],
  query: ({ allocationId, connectivityType, subnetId }) => ({
    AllocationId: allocationId,
    ConnectivityType: connectivityType,
    SubnetId: subnetId,
  }),
  outputs: (_id, inputs) => ({ connectivityType: inputs.connectivityType ?? "public" }),
});

const flowLog = ec2Resource<aws.ec2.FlowLogArgs>({
  kind: "vpc-flow-log",
  create: ["CreateFlowLogs", "item"],
  read: ["DescribeFlowLogs", "FlowLogId", "flowLogId"],
  delete: ["DeleteFlowLogs", "FlowLogId.1"],
  replaceOn: ["iamRoleArn", "logDestination", "logDestinationType", "subnetId", "trafficType", "vpcId"],
  query: ({ vpcId, subnetId, iamRoleArn, logDestination, logDestinationType, trafficType }) => ({
    ResourceType: vpcId === undefined ? "Subnet" : "VPC",
    ResourceId: [vpcId ?? subnetId ?? ""],
    DeliverLogsPermissionArn: iamRoleArn,
    LogDestination: logDestination,
    LogDestinationType: logDestinationType ?? "cloud-watch-logs",
    TrafficType: trafficType,
  }),
});

type EndpointInputs = Inputs<aws.ec2.VpcEndpointArgs>;

/** Items that one list has and the other has not. */
const without = (list: readonly string[] = [], other: readonly string[] = []) =>
  list.filter((item) => !other.includes(item));

/** Lists of an endpoint that a change adds to and takes from: input → what parameters call an item. */
const endpointLists = {
  routeTableIds: "RouteTableId",
  securityGroupIds: "SecurityGroupId",
  subnetIds: "SubnetId",
} as const satisfies { [K in keyof EndpointInputs]?: string };

const vpcEndpoint = ec2Resource<aws.ec2.VpcEndpointArgs>({
  kind: "vpc-endpoint",
  create: ["CreateVpcEndpoint", "vpcEndpointId"],
  read: ["DescribeVpcEndpoints", "VpcEndpointId", "vpcEndpointId"],
  delete: ["DeleteVpcEndpoints", "VpcEndpointId.1"],
  replaceOn: ["serviceName", "vpcEndpointType", "vpcId"],
  query: (inputs) => ({
    VpcId: inputs.vpcId,
    ServiceName: inputs.serviceName,
    VpcEndpointType: inputs.vpcEndpointType,
    PolicyDocument: inputs.policy && policyText(inputs.policy),
    PrivateDnsEnabled: inputs.privateDnsEnabled,
    RouteTableId: inputs.routeTableIds,
    SecurityGroupId: inputs.securityGroupIds,
    SubnetId: inputs.subnetIds,
  }),
  outputs: (_id, inputs) => ({ vpcEndpointType: inputs.vpcEndpointType ?? "Gateway", state: "available" }),
  async settle(_id, { serviceName = "", vpcEndpointType = "Gateway" }, cloud) {
    if (vpcEndpointType !== "Gateway") {
      return undefined;
    }
    const lists = await ask(cloud, "DescribePrefixLists", {
      Filter: [{ Name: "prefix-list-name", Value: [serviceName] }],
    });
    return { prefixListId: lists.text("prefixListId") };
  },
  async change(VpcEndpointId, inputs, old, cloud) {
    const lists = Object.entries(endpointLists).map(([input, parameter]) => {
      const [now, then] = [
        inputs[input as keyof typeof endpointLists],
        old[input as keyof typeof endpointLists],
      ];
      return { [`Add${parameter}`]: without(now, then), [`Remove${parameter}`]: without(then, now) };
    });
    await ask(cloud, "ModifyVpcEndpoint", {
      VpcEndpointId,
      PolicyDocument: inputs.policy && policyText(inputs.policy),
      PrivateDnsEnabled: inputs.privateDnsEnabled,
      ...Object.assign({}, ...lists),
    });
  },
});

export const ec2: ServiceTable = {
  ...securityGroups,
  "aws:ec2/eip:Eip": eip,
  "aws:ec2/flowLog:FlowLog": flowLog,
  "aws:ec2/internetGateway:InternetGateway": internetGateway,
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/route:Route": route,
  "aws:ec2/routeTable:RouteTable": routeTable,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
  "aws:ec2/subnet:Subnet": subnet,
  "aws:ec2/vpc:Vpc": vpc,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
};
