import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as pulumi from "@pulumi/pulumi";
import { type Callback, capture } from "../../../components/closure/capture";
import { DeadLetters } from "../../../components/dead-letters";
import { LambdaFunction } from "../../../components/function";
import { Network, type NetworkAccess, type NetworkArgs } from "../../../components/network";
import { attachmentOf } from "../../../components/network/attachment";
import { endpointPolicy } from "../../../components/network/endpoint-policy";
import { Queue } from "../../../components/queue";
import { bind, part, service } from "../../../components/sdk/bind";
import { tableMethods } from "../../../components/sdk/dynamodb";
import { Table } from "../../../components/table";
import { Topic } from "../../../components/topic";
import { evaluate, only, type Registered } from "../program";

// Any service will do for a server: the network knows its port alone.
const { method } = service(() => new DynamoDBClient({}));
const serverMethods = {
  Read: method(
    "elasticache:Connect",
    (_: { readonly Address: string }, input: { TableName: string; Key: Record<string, never> }) =>
      new GetItemCommand(input),
  ),
};

function clientOf(name: string, network: NetworkAccess) {
  const arn = pulumi.output(`arn:aws:elasticache:eu-west-1:123456789012:${name}`);
  return bind(serverMethods, { owner: `server "${name}"`, name, arn, network, target: { Address: "a" } });
}

const read = { TableName: "", Key: {} };

function setUp(args: NetworkArgs = {}) {
  const network = new Network("net", args);
  const { access, serverGroupId } = network.server("cache", [6379, 6380]);
  return { network, serverGroupId, cache: clientOf("cache", access) };
}

async function graphOf(program: () => unknown) {
  return evaluate(() => {
    program();
    return {};
  });
}

type Graph = Awaited<ReturnType<typeof graphOf>>;

const vpcConfig = (graph: Graph, name: string) =>
  only(graph, "aws:lambda/function:Function", name).inputs.vpcConfig;

const statements = ({ inputs }: Registered) => JSON.parse(String(inputs.policy)).Statement;

const rules = ({ resources }: Graph) =>
  resources
    .filter(({ type }) => /securityGroup(In|E)gressRule/.test(type))
    .map(({ name, inputs: { ipProtocol, tags, ...rule } }) => [name, rule]);

test("is private: two zones, subnets without a way out, no NAT, a closed default group, refusals logged", async () => {
  const graph = await graphOf(() => new Network("net"));

  expect(only(graph, "awsx:ec2:Vpc", "net").inputs).toEqual({
    numberOfAvailabilityZones: 2,
    subnetStrategy: "Auto",
    subnetSpecs: [{ type: "Isolated" }],
    natGateways: { strategy: "None" },
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  expect(only(graph, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "net-default").inputs).toEqual({
    vpcId: "net-vpc-id",
    ingress: [],
    egress: [],
  });
  expect(only(graph, "aws:ec2/flowLog:FlowLog", "net-refused").inputs).toMatchObject({
    vpcId: "net-vpc-id",
    trafficType: "REJECT",
    logDestination: "arn:aws:cloudwatch:eu-west-1:123456789012:net-refused",
    iamRoleArn: "arn:aws:iam:eu-west-1:123456789012:net-logs-role",
  });
  expect(only(graph, "aws:cloudwatch/logGroup:LogGroup", "net-refused").inputs.retentionInDays).toBe(14);
  expect(rules(graph)).toEqual([]);
});

test("a server is reached by its clients alone, at its ports alone", async () => {
  const graph = await graphOf(() => setUp());

  const port = (number: number) => ({ fromPort: number, toPort: number });
  const ingress = { securityGroupId: "cache-server-id", referencedSecurityGroupId: "cache-clients-id" };
  const egress = { securityGroupId: "cache-clients-id", referencedSecurityGroupId: "cache-server-id" };
  expect(Object.fromEntries(rules(graph))).toEqual({
    "cache-server-6379": { ...ingress, ...port(6379) },
    "cache-server-6380": { ...ingress, ...port(6380) },
    "cache-clients-6379": { ...egress, ...port(6379) },
    "cache-clients-6380": { ...egress, ...port(6380) },
  });
});

test("a function whose callback uses a server is attached; no other is", async () => {
  const graph = await graphOf(() => {
    const { cache } = setUp();
    new LambdaFunction("reader", { handler: async () => cache.Read(read) });
    new LambdaFunction("greeter", { handler: async () => "hello" });
  });

  expect(vpcConfig(graph, "reader")).toEqual({
    subnetIds: ["net-isolated-1", "net-isolated-2"],
    securityGroupIds: ["cache-clients-id"],
  });
  expect(only(graph, "aws:lambda/function:Function", "greeter").inputs).not.toHaveProperty("vpcConfig");
  expect(JSON.stringify(only(graph, "aws:iam/rolePolicy:RolePolicy", "greeter-policy"))).not.toContain(
    "ec2:",
  );
});

test("the role of an attached function has what Lambda needs, which its own code may not use", async () => {
  const graph = await graphOf(() => {
    const { cache } = setUp();
    new LambdaFunction("reader", { handler: async () => cache.Read(read) });
  });

  const place = "arn:aws:ec2:eu-west-1:123456789012";
  const change = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
  ];
  const describe = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
  const [, , connect, ...attaching] = statements(
    only(graph, "aws:iam/rolePolicy:RolePolicy", "reader-policy"),
  );
  expect(connect).toMatchObject({ Action: ["elasticache:Connect"] });
  expect(attaching).toEqual([
    {
      Effect: "Allow",
      Action: ["ec2:CreateNetworkInterface"],
      Resource: [
        `${place}:network-interface/*`,
        `${place}:subnet/net-isolated-1`,
        `${place}:subnet/net-isolated-2`,
        `${place}:security-group/cache-clients-id`,
      ],
    },
    { Effect: "Allow", Action: change, Resource: `${place}:*/*` },
    { Effect: "Allow", Action: describe, Resource: "*" },
    {
      Effect: "Deny",
      Action: [change[0], "ec2:CreateNetworkInterface", change[1], ...describe, change[2]],
      Resource: "*",
      Condition: { Null: { "lambda:SourceFunctionArn": "false" } },
    },
  ]);
});

/** A function in the network that also uses a table and a queue, and one outside that uses another queue. */
function withServices(endpoints: NetworkArgs["endpoints"], nat = false) {
  const { cache } = setUp({ endpoints, nat });
  const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });
  const queues = ["jobs", "others"].map(
    (name) => new Queue(name, { deadLetters: new DeadLetters("failures"), handler: async () => {} }).sdk,
  );
  const [jobs, others] = queues as [Queue["sdk"], Queue["sdk"]];
  new LambdaFunction("reader", {
    handler: async () => {
      await cache.Read(read);
      await notes.sdk.GetItem({ Key: {} });
      await jobs.SendMessage({ MessageBody: "" });
    },
  });
  new LambdaFunction("outside", { handler: async () => others.SendMessage({ MessageBody: "" }) });
}

test("an endpoint is for its clients, and lets through what functions in the network may call", async () => {
  const graph = await graphOf(() => withServices(["sqs", "dynamodb"]));

  const common = { vpcId: "net-vpc-id" };
  const queue = only(graph, "aws:ec2/vpcEndpoint:VpcEndpoint", "net-sqs");
  const table = only(graph, "aws:ec2/vpcEndpoint:VpcEndpoint", "net-dynamodb");
  const forAccount = {
    Principal: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": "123456789012" } },
  };
  expect(queue.inputs).toMatchObject({
    ...common,
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.eu-west-1.sqs",
    subnetIds: ["net-isolated-1", "net-isolated-2"],
    securityGroupIds: ["net-sqs-server-id"],
    privateDnsEnabled: true,
  });
  expect(statements(queue)).toEqual([
    {
      Effect: "Allow",
      ...forAccount,
      Action: ["sqs:SendMessage"],
      Resource: "arn:aws:sqs:eu-west-1:123456789012:jobs",
    },
  ]);
  expect(table.inputs).toMatchObject({
    ...common,
    vpcEndpointType: "Gateway",
    routeTableIds: ["net-table-1", "net-table-2"],
  });
  expect(statements(table)).toEqual([
    {
      Effect: "Allow",
      ...forAccount,
      Action: ["dynamodb:GetItem"],
      Resource: "arn:aws:dynamodb:eu-west-1:123456789012:notes",
    },
  ]);
  expect(vpcConfig(graph, "reader")).toMatchObject({
    securityGroupIds: ["cache-clients-id", "net-dynamodb-clients-id", "net-sqs-clients-id"],
  });
  expect(rules(graph).flatMap(([, rule]) => Object.keys(rule as object))).not.toContain("cidrIpv4");
});

test("by NAT a function reaches what has no endpoint, by HTTPS", async () => {
  const graph = await graphOf(() => withServices(["dynamodb"], true));

  expect(only(graph, "awsx:ec2:Vpc", "net").inputs).toMatchObject({
    subnetSpecs: [{ type: "Public" }, { type: "Private" }],
    natGateways: { strategy: "Single" },
  });
  expect(vpcConfig(graph, "reader")).toEqual({
    subnetIds: ["net-private-1", "net-private-2"],
    securityGroupIds: ["cache-clients-id", "net-dynamodb-clients-id", "net-internet-clients-id"],
  });
  expect(Object.fromEntries(rules(graph))["net-internet-clients-443"]).toEqual({
    securityGroupId: "net-internet-clients-id",
    cidrIpv4: "0.0.0.0/0",
    fromPort: 443,
    toPort: 443,
  });
});

/** What the network says of a function that would be in it. */
async function refusalOf(program: () => Callback<never, unknown>): Promise<string> {
  const refusal = async (callback: Callback<never, unknown>) => {
    const { grants } = await capture("reader", callback);
    try {
      attachmentOf("reader", grants);
      return "no refusal";
    } catch (error) {
      return String(error);
    }
  };
  const { outputs } = await evaluate(() => ({ refused: refusal(program()) }));
  return outputs.refused;
}

test.each([
  [
    "a service that has no endpoint there",
    () => {
      const { cache } = setUp({ endpoints: [] });
      const topic = new Topic("news", { deadLetters: new DeadLetters("failures") });
      return async () => [cache.Read(read), topic.sdk.Publish({ Message: "" })];
    },
    /reader: the callback calls sns:Publish of topic "news", .* network "net".* endpoints: \["sns"\]/,
  ],
  [
    "a service that can have none",
    () => {
      const { cache, network } = setUp();
      const mail = bind(
        { Send: part("ses:SendEmail", async (_: { readonly From: string }, input: string) => input) },
        { owner: "the sender", name: "sender", arn: network.place, target: { From: "a" } },
      );
      return async () => [cache.Read(read), mail.Send("")];
    },
    /reader: the callback calls ses:SendEmail of the sender, .* ses has no endpoint here: .* nat: true/,
  ],
  [
    "servers of two networks",
    () => {
      const { cache } = setUp();
      const other = clientOf("other", new Network("second").server("other", [1]).access);
      return async () => [cache.Read(read), other.Read(read)];
    },
    /reader: the callback uses server "cache" in network "net" and server "other" in network "second"/,
  ],
  [
    "more security groups than a function can have",
    () => {
      const network = new Network("net");
      const [a, b, c, d, e, f] = ["a", "b", "c", "d", "e", "f"].map((name) =>
        clientOf(name, network.server(name, [1]).access),
      );
      return async () => [a?.Read, b?.Read, c?.Read, d?.Read, e?.Read, f?.Read];
    },
    /reader: the callback uses server "a", .*server "f", each by .* can have 5 of them/,
  ],
])("%s: refused by name, with what to do", async (_, program, message) => {
  expect(await refusalOf(program)).toMatch(message);
});

test("an endpoint that no function in the network needs is refused: it costs", () => {
  const account = pulumi.output("123456789012");

  expect(() => endpointPolicy("net", "sns", account, [[]])).toThrow(
    /^net: no function in the network calls sns; remove "sns" from its endpoints/,
  );
});

test("what a service does in a function's name passes no endpoint and asks for none", async () => {
  const graph = await graphOf(() => {
    const { cache, network } = setUp({ endpoints: ["dynamodb"] });
    const notes = bind(tableMethods, {
      owner: 'table "notes"',
      name: "notes",
      arn: network.place,
      also: [{ actions: ["kms:Decrypt"], resource: network.place }],
      target: { TableName: "notes" },
    });
    new LambdaFunction("reader", { handler: async () => [cache.Read(read), notes.GetItem({ Key: {} })] });
  });

  expect(vpcConfig(graph, "reader")).toMatchObject({
    securityGroupIds: ["cache-clients-id", "net-dynamodb-clients-id"],
  });
});

test("a network of one zone is refused", async () => {
  const attempt = graphOf(() => new Network("net", { availabilityZones: 1 }));

  await expect(attempt).rejects.toThrow(
    /^net: availabilityZones is 1; it must be a whole number from 2 to 6/,
  );
});
