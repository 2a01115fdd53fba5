import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trust } from "./iam";
import { endpointPolicy } from "./network/endpoint-policy";
import { type EndpointService, endpoints } from "./network/endpoint-service";
import { grantsOfFunctions } from "./network/functions";
import { checkRange } from "./range";

export type { EndpointService } from "./network/endpoint-service";

export interface NetworkArgs {
  /** Zones with a subnet each, 2–6. @default 2 */
  readonly availabilityZones?: number;
  /**
   * A way out to the internet for the functions here, by one NAT gateway for all zones. In us-east-1 it costs $0.045 an
   * hour, its address $0.005, and $0.045 a gigabyte.
   * @default false
   * @see https://aws.amazon.com/vpc/pricing/
   */
  readonly nat?: boolean;
  /**
   * AWS services that functions here call. Those of S3 and DynamoDB are free; each other costs $0.01 an hour and zone,
   * and $0.01 a gigabyte, in us-east-1.
   * @default none
   * @see https://aws.amazon.com/privatelink/pricing/
   */
  readonly endpoints?: readonly EndpointService[];
  /** For what the network refused. @default 14 */
  readonly logRetentionDays?: number;
}

/** How functions reach one server of a network: whoever is granted it joins the network. */
export interface NetworkAccess {
  readonly network: Network;
  /** Of the group that the server's clients are in. */
  readonly securityGroupId: pulumi.Output<string>;
}

export interface NetworkServer {
  /** Of the group that the server itself is in. */
  readonly serverGroupId: pulumi.Output<string>;
  readonly access: NetworkAccess;
}

const httpsPort = 443;

/**
 * A private network for servers that have no public address, such as a cache. A function joins it by what its callback
 * uses, and reaches that, the services its callback calls, and nothing else: every rule names groups, none addresses.
 * Without NAT there is no way to or from the internet. What the network refuses is logged.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Where functions and servers are: without a route to the internet, or with one way out by `nat`. */
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Beginning of the ARNs of what is in the network: `arn:aws:ec2:<region>:<account>`. */
  readonly place: pulumi.Output<string>;
  /** Of the group whose members may call the internet by HTTPS, with `nat`. */
  readonly internetClients: pulumi.Output<string> | undefined;
  readonly nodes: {
    readonly vpc: Vpc;
    readonly defaultSecurityGroup: aws.ec2.DefaultSecurityGroup;
    readonly flowLog: aws.ec2.FlowLog;
    readonly endpoints: ReadonlyMap<EndpointService, aws.ec2.VpcEndpoint>;
  };
  private readonly endpointClients = new Map<EndpointService, pulumi.Output<string>>();

  constructor(
    readonly name: string,
    args: NetworkArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { availabilityZones = 2, nat = false, endpoints: services = [], logRetentionDays = 14 } = args;
    checkRange(name, "availabilityZones", availabilityZones, 2, 6);
    super("gallery:network:Network", name, {}, opts);
    const parent = { parent: this };
    const vpc = createVpc();
    this.vpcId = vpc.vpcId;
    this.privateSubnetIds = nat ? vpc.privateSubnetIds : vpc.isolatedSubnetIds;
    const defaultSecurityGroup = createDefaultSecurityGroup();
    const place = defaultSecurityGroup.arn.apply((arn) => arn.split(":").slice(0, 5).join(":"));
    const account = place.apply((parts) => `${parts.split(":")[4]}`);
    this.place = place;
    const flowLog = createFlowLog();
    this.internetClients = nat ? this.createInternetClients() : undefined;
    const members = grantsOfFunctions().then((all) =>
      all.filter((grants) => grants.some(({ network }) => network?.network === this)),
    );
    this.nodes = {
      vpc,
      defaultSecurityGroup,
      flowLog,
      endpoints: new Map(
        [...new Set(services)].map((service) => [
          service,
          this.createEndpoint(service, vpc, policyOf(service)),
        ]),
      ),
    };
    this.registerOutputs({ vpcId: this.vpcId });

    function createVpc() {
      return new Vpc(
        name,
        {
          numberOfAvailabilityZones: availabilityZones,
          subnetStrategy: "Auto",
          subnetSpecs: nat ? [{ type: "Public" }, { type: "Private" }] : [{ type: "Isolated" }],
          natGateways: { strategy: nat ? "Single" : "None" },
          // Both are what private DNS of endpoints needs.
          enableDnsHostnames: true,
          enableDnsSupport: true,
        },
        parent,
      );
    }

    /** What is made without a group is in this one: it reaches nothing and is reached by nothing. */
    function createDefaultSecurityGroup() {
      return new aws.ec2.DefaultSecurityGroup(
        `${name}-default`,
        { vpcId: vpc.vpcId, ingress: [], egress: [] },
        parent,
      );
    }

    /** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
    function createFlowLog() {
      const group = new aws.cloudwatch.LogGroup(
        `${name}-refused`,
        { name: `/${pulumi.getProject()}/${pulumi.getStack()}/${name}`, retentionInDays: logRetentionDays },
        parent,
      );
      const role = new aws.iam.Role(
        `${name}-logs-role`,
        {
          assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": pulumi.interpolate`${place}:vpc-flow-log/*` },
          }),
        },
        parent,
      );
      const policy = new aws.iam.RolePolicy(
        `${name}-logs-policy`,
        {
          role: role.name,
          policy: policyDocument([
            {
              Effect: "Allow",
              Action: [
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
              ],
              Resource: pulumi.interpolate`${group.arn}:*`,
            },
          ]),
        },
        parent,
      );
      return new aws.ec2.FlowLog(
        `${name}-refused`,
        { vpcId: vpc.vpcId, trafficType: "REJECT", logDestination: group.arn, iamRoleArn: role.arn },
        { ...parent, dependsOn: [policy] },
      );
    }

    function policyOf(service: EndpointService) {
      return pulumi.output(members.then((functions) => endpointPolicy(name, service, account, functions)));
    }
  }

  /**
   * Security groups of a server and of its clients, which alone reach it, at these TCP ports. What passes `access` on
   * to a bound client makes members of the functions that call it.
   */
  server(
    name: string,
    ports: readonly number[],
    opts: pulumi.ComponentResourceOptions = { parent: this },
  ): NetworkServer {
    const server = this.createGroup(`${name}-server`, `Is reached by ${name}-clients`, opts);
    const clients = this.createGroup(`${name}-clients`, `Reaches ${name}-server`, opts);
    const rules = ports.flatMap((port) => {
      const ofPort = { ipProtocol: "tcp", fromPort: port, toPort: port };
      return [
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-server-${port}`,
          { securityGroupId: server.id, referencedSecurityGroupId: clients.id, ...ofPort },
          opts,
        ),
        new aws.vpc.SecurityGroupEgressRule(
          `${name}-clients-${port}`,
          { securityGroupId: clients.id, referencedSecurityGroupId: server.id, ...ofPort },
          opts,
        ),
      ];
    });
    // A client is attached once its way is open.
    const open = pulumi.all([clients.id, pulumi.all(rules.map(({ id }) => id))]);
    return {
      serverGroupId: server.id,
      access: { network: this, securityGroupId: open.apply(([id]) => id) },
    };
  }

  /** Of the group whose members reach a service by its endpoint; absent where it has none. */
  clientsOf(service: EndpointService): pulumi.Output<string> | undefined {
    return this.endpointClients.get(service);
  }

  private createEndpoint(
    service: EndpointService,
    vpc: Vpc,
    policy: pulumi.Output<string>,
  ): aws.ec2.VpcEndpoint {
    const { type, serviceName } = endpoints[service];
    const parent = { parent: this };
    const name = `${this.name}-${service}`;
    const common: aws.ec2.VpcEndpointArgs = {
      vpcId: this.vpcId,
      serviceName: this.place.apply((place) => `com.amazonaws.${place.split(":")[3]}.${serviceName}`),
      vpcEndpointType: type,
      policy,
    };
    if (type === "Interface") {
      const { serverGroupId, access } = this.server(name, [httpsPort]);
      this.endpointClients.set(service, access.securityGroupId);
      return new aws.ec2.VpcEndpoint(
        name,
        {
          ...common,
          subnetIds: this.privateSubnetIds,
          securityGroupIds: [serverGroupId],
          privateDnsEnabled: true,
        },
        parent,
      );
    }
    const routeTableIds = vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id)));
    const endpoint = new aws.ec2.VpcEndpoint(name, { ...common, routeTableIds }, parent);
    const clients = this.createGroup(`${name}-clients`, `Reaches ${serviceName} by its gateway`, parent);
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-clients-${httpsPort}`,
      {
        securityGroupId: clients.id,
        prefixListId: endpoint.prefixListId,
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
      },
      parent,
    );
    this.endpointClients.set(service, clients.id);
    return endpoint;
  }

  private createInternetClients(): pulumi.Output<string> {
    const parent = { parent: this };
    const name = `${this.name}-internet-clients`;
    const clients = this.createGroup(name, "Reaches the internet by HTTPS", parent);
    // The internet has no group to name.
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-${httpsPort}`,
      {
        securityGroupId: clients.id,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
      },
      parent,
    );
    return clients.id;
  }

  private createGroup(
    name: string,
    description: string,
    opts: pulumi.ComponentResourceOptions,
  ): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(name, { description, vpcId: this.vpcId }, opts);
  }
}
