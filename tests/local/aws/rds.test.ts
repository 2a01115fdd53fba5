import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ListTagsForResourceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type * as aws from "@pulumi/aws";
import { UnsupportedInput } from "../../../local/aws/faults";
import { rds } from "../../../local/aws/rds";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(rds);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(RDSClient);

const createCluster = (inputs: Partial<Inputs<aws.rds.ClusterArgs>>) =>
  stack.create<aws.rds.ClusterArgs>("aws:rds/cluster:Cluster", {
    engine: "aurora-postgresql",
    engineMode: "provisioned",
    ...inputs,
  });

const createInstance = (inputs: Partial<Inputs<aws.rds.ClusterInstanceArgs>>) =>
  stack.create<aws.rds.ClusterInstanceArgs>("aws:rds/clusterInstance:ClusterInstance", {
    clusterIdentifier: "views",
    engine: "aurora-postgresql",
    instanceClass: "db.serverless",
    ...inputs,
  });

async function describe(DBClusterIdentifier: string) {
  const { DBClusters } = await client().send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  return DBClusters?.[0];
}

async function tagsOf(ResourceName: unknown) {
  const { TagList } = await client().send(
    new ListTagsForResourceCommand({ ResourceName: String(ResourceName) }),
  );
  return TagList;
}

test("a cluster lives from creation to deletion, its secret with it", async () => {
  // Prepare
  const secrets = stack.cloud.client(SecretsManagerClient);
  const cluster = await createCluster({
    clusterIdentifier: "views",
    databaseName: "gallery",
    masterUsername: "owner",
    manageMasterUserPassword: true,
    enableHttpEndpoint: true,
    engineVersion: "16.8",
    serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 4 },
    skipFinalSnapshot: true,
    tags: { a: "1", b: "2" },
  });
  const created = await describe("views");
  const [{ secretArn = "" } = {}] = cluster.outputs.masterUserSecrets as { secretArn?: string }[];
  const { Name } = await secrets.send(new DescribeSecretCommand({ SecretId: secretArn }));
  const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));

  // Act
  const changed = await cluster.update({
    backupRetentionPeriod: 7,
    enableHttpEndpoint: false,
    deletionProtection: true,
    serverlessv2ScalingConfiguration: { minCapacity: 1, maxCapacity: 8 },
    tags: { b: "3" },
  });
  const updated = await describe("views");
  const tags = await tagsOf(cluster.outputs.arn);
  const kept = await cluster.delete().catch((error: Error) => error.message);
  await cluster.update({ deletionProtection: undefined });
  const present = await cluster.read();
  await cluster.delete();
  await cluster.delete();

  // Assess
  expect(cluster.id).toBe("views");
  expect(cluster.outputs).toMatchObject({
    arn: created?.DBClusterArn,
    clusterResourceId: created?.DbClusterResourceId,
    endpoint: created?.Endpoint,
    readerEndpoint: created?.ReaderEndpoint,
    masterUserSecrets: [{ secretArn, secretStatus: "active", kmsKeyId: expect.any(String) }],
    engineVersionActual: "16.8",
    databaseName: "gallery",
    port: 5432,
  });
  expect(Name).toMatch(/^rds!cluster-/);
  expect(JSON.parse(SecretString)).toEqual({ username: "owner", password: expect.any(String) });
  expect(created).toMatchObject({ HttpEndpointEnabled: true, DatabaseName: "gallery" });
  expect(updated).toMatchObject({
    BackupRetentionPeriod: 7,
    DbClusterResourceId: created?.DbClusterResourceId,
    HttpEndpointEnabled: false,
    ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
  });
  expect(changed.masterUserSecrets).toEqual(cluster.outputs.masterUserSecrets);
  expect(tags).toEqual([{ Key: "b", Value: "3" }]);
  expect(kept).toMatch(/DeletionProtection/);
  expect(present).toMatchObject({ clusterMembers: [] });
  expect(await cluster.read()).toBeUndefined();
  await expect(secrets.send(new DescribeSecretCommand({ SecretId: secretArn }))).rejects.toThrow();
});

test("of a cluster's instances one writes", async () => {
  // Prepare
  const cluster = await createCluster({ skipFinalSnapshot: true });
  const clusterIdentifier = cluster.id;
  const writer = await createInstance({
    clusterIdentifier,
    identifier: "one",
    promotionTier: 0,
    tags: { a: "1" },
  });
  const reader = await createInstance({ clusterIdentifier, identifier: "two", promotionTier: 1 });

  // Act
  const changed = await reader.update({ instanceClass: "db.r6g.large", tags: { c: "4" } });
  const { DBInstances } = await client().send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: "two" }),
  );
  const members = await cluster.read();
  const tags = [await tagsOf(writer.outputs.arn), await tagsOf(reader.outputs.arn)];
  await reader.delete();
  await reader.delete();
  const gone = await reader.read();
  await writer.delete();
  await cluster.delete();

  // Assess
  expect([writer.outputs.writer, reader.outputs.writer, changed.writer]).toEqual([true, false, false]);
  expect(writer.outputs).toMatchObject({
    arn: "arn:aws:rds:us-east-1:000000000000:db:one",
    dbiResourceId: expect.stringMatching(/^db-/),
    endpoint: expect.any(String),
    identifier: "one",
  });
  expect(DBInstances?.[0]?.DBInstanceClass).toBe("db.r6g.large");
  expect(members?.clusterMembers).toEqual(["one", "two"]);
  expect(tags).toEqual([[{ Key: "a", Value: "1" }], [{ Key: "c", Value: "4" }]]);
  expect(gone).toBeUndefined();
});

test("what an interrupted run left makes way", async () => {
  await createCluster({ clusterIdentifier: "left", deletionProtection: true, skipFinalSnapshot: true });

  const again = await createCluster({
    clusterIdentifier: "left",
    databaseName: "anew",
    skipFinalSnapshot: true,
  });

  expect((await describe("left"))?.DatabaseName).toBe("anew");
  await again.delete();
});

test("what the local cloud has not is refused", async () => {
  const attempts = [
    createCluster({ engine: "aurora-mysql" }),
    createCluster({ engineMode: "serverless" }),
    createCluster({ snapshotIdentifier: "old" }),
  ];

  for (const attempt of attempts) {
    await expect(attempt).rejects.toThrow(UnsupportedInput);
  }
});

test("a subnet group follows its subnets", async () => {
  // Prepare
  const { Subnets = [] } = await stack.cloud.client(EC2Client).send(new DescribeSubnetsCommand({}));
  const [first = "", second = "", third = ""] = Subnets.map(({ SubnetId }) => SubnetId ?? "");
  const group = await stack.create<aws.rds.SubnetGroupArgs>("aws:rds/subnetGroup:SubnetGroup", {
    subnetIds: [first, second],
  });

  // Act
  const changed = await group.update({ subnetIds: [first, third || second], description: "moved" });
  const present = await group.read();
  await group.delete();
  await group.delete();

  // Assess
  expect(group.outputs).toMatchObject({
    arn: `arn:aws:rds:us-east-1:000000000000:subgrp:${group.id}`,
    description: "Managed by Pulumi",
    vpcId: Subnets[0]?.VpcId,
  });
  expect(changed).toMatchObject({ description: "moved", vpcId: Subnets[0]?.VpcId });
  expect(present).toEqual({ vpcId: Subnets[0]?.VpcId });
  expect(await group.read()).toBeUndefined();
});

test("a parameter group keeps what is asked for, and forgets what no longer is", async () => {
  // Prepare
  const parametersOf = async (DBClusterParameterGroupName: string) => {
    const list = new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName, Source: "user" });
    const { Parameters } = await client().send(list);
    return Object.fromEntries(Parameters?.map((one) => [one.ParameterName, one.ParameterValue]) ?? []);
  };
  const group = await stack.create<aws.rds.ClusterParameterGroupArgs>(
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    {
      family: "aurora-postgresql16",
      parameters: [
        { name: "rds.force_ssl", value: "1" },
        { name: "log_statement", value: "ddl", applyMethod: "pending-reboot" },
      ],
    },
  );
  const created = await parametersOf(group.id);

  // Act
  await group.update({ parameters: [{ name: "log_statement", value: "all" }], tags: { a: "1" } });
  const updated = await parametersOf(group.id);
  const tags = await tagsOf(group.outputs.arn);
  const present = await group.read();
  await group.delete();
  await group.delete();

  // Assess
  expect(created).toMatchObject({ "rds.force_ssl": "1", log_statement: "ddl" });
  expect(updated).toMatchObject({ log_statement: "all" });
  expect(updated).not.toHaveProperty(["rds.force_ssl"], "1");
  expect(tags).toEqual([{ Key: "a", Value: "1" }]);
  expect(present).toEqual({});
  expect(await group.read()).toBeUndefined();
});
