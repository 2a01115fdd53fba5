import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { dynamodb } from "../../../local/aws/dynamodb";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(dynamodb);
});

afterAll(() => stack.stop());

const createTable = (inputs: Inputs<aws.dynamodb.TableArgs>) =>
  stack.create<aws.dynamodb.TableArgs>("aws:dynamodb/table:Table", inputs);

async function description(TableName: string): Promise<TableDescription | undefined> {
  return (await stack.cloud.client(DynamoDBClient).send(new DescribeTableCommand({ TableName }))).Table;
}

async function timeToLive(TableName: string) {
  const describe = new DescribeTimeToLiveCommand({ TableName });
  return (await stack.cloud.client(DynamoDBClient).send(describe)).TimeToLiveDescription;
}

async function recovery(TableName: string) {
  const describe = new DescribeContinuousBackupsCommand({ TableName });
  const { ContinuousBackupsDescription: backups } = await stack.cloud.client(DynamoDBClient).send(describe);
  return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
}

const attributes = ["pk", "sk", "owner", "at"].map((name) => ({ name, type: "S" }));

test("a table has all it is given", async () => {
  // Act
  const table = await createTable({
    name: "full",
    attributes,
    hashKey: "pk",
    rangeKey: "sk",
    billingMode: "PAY_PER_REQUEST",
    globalSecondaryIndexes: [
      { name: "by-owner", hashKey: "owner", rangeKey: "at", projectionType: "KEYS_ONLY" },
      {
        name: "by-time",
        keySchemas: [{ attributeName: "at", keyType: "HASH" }],
        projectionType: "INCLUDE",
        nonKeyAttributes: ["title"],
      },
    ],
    localSecondaryIndexes: [{ name: "by-age", rangeKey: "at", projectionType: "ALL" }],
    ttl: { attributeName: "expires", enabled: true },
    streamEnabled: true,
    streamViewType: "NEW_IMAGE",
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    deletionProtectionEnabled: true,
    tags: { a: "1" },
  });

  // Assess
  const found = await description("full");
  expect(found).toMatchObject({
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    DeletionProtectionEnabled: true,
    GlobalSecondaryIndexes: [
      { IndexName: "by-owner", Projection: { ProjectionType: "KEYS_ONLY" } },
      { IndexName: "by-time", Projection: { NonKeyAttributes: ["title"] } },
    ],
    LocalSecondaryIndexes: [{ IndexName: "by-age" }],
    SSEDescription: { Status: "ENABLED" },
    StreamSpecification: { StreamViewType: "NEW_IMAGE" },
  });
  expect(await timeToLive("full")).toMatchObject({ AttributeName: "expires", TimeToLiveStatus: "ENABLED" });
  expect(await recovery("full")).toBe("ENABLED");
  expect(table).toMatchObject({
    id: "full",
    outputs: {
      arn: "arn:aws:dynamodb:us-east-1:000000000000:table/full",
      streamArn: found?.LatestStreamArn,
    },
  });
});

test("a table changes in place", async () => {
  // Prepare
  const table = await createTable({
    name: "changing",
    attributes: attributes.slice(0, 1),
    hashKey: "pk",
    readCapacity: 1,
    writeCapacity: 1,
    serverSideEncryption: { enabled: true },
    tableClass: "STANDARD_INFREQUENT_ACCESS",
    ttl: { attributeName: "expires", enabled: true },
    streamEnabled: true,
    streamViewType: "KEYS_ONLY",
    tags: { a: "1", b: "2" },
  });

  // Act
  const outputs = await table.update({
    attributes: [...attributes.slice(0, 1), ...attributes.slice(2, 3)],
    billingMode: "PAY_PER_REQUEST",
    readCapacity: undefined,
    writeCapacity: undefined,
    globalSecondaryIndexes: [{ name: "by-owner", hashKey: "owner", projectionType: "ALL" }],
    ttl: undefined,
    streamViewType: "NEW_AND_OLD_IMAGES",
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: undefined,
    tableClass: undefined,
    tags: { b: "3" },
  });
  const first = await description("changing");
  await table.update({
    globalSecondaryIndexes: [{ name: "by-owner", hashKey: "owner", projectionType: "KEYS_ONLY" }],
  });
  const second = await description("changing");
  await table.update({
    attributes: attributes.slice(0, 1),
    globalSecondaryIndexes: [],
    streamEnabled: false,
  });
  const third = await description("changing");

  // Assess
  expect(first).toMatchObject({
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    GlobalSecondaryIndexes: [{ IndexName: "by-owner" }],
    StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
    TableClassSummary: { TableClass: "STANDARD" },
  });
  expect(first?.SSEDescription?.Status).not.toBe("ENABLED");
  expect(outputs.streamArn).toBe(first?.LatestStreamArn);
  expect(outputs.streamArn).not.toBe(table.outputs.streamArn);
  expect(await timeToLive("changing")).toMatchObject({ TimeToLiveStatus: "DISABLED" });
  expect(await recovery("changing")).toBe("ENABLED");
  expect(second?.GlobalSecondaryIndexes).toMatchObject([{ Projection: { ProjectionType: "KEYS_ONLY" } }]);
  expect(third?.GlobalSecondaryIndexes).toBeUndefined();
  expect(third?.StreamSpecification).toEqual({ StreamEnabled: false });
  const list = new ListTagsOfResourceCommand({ ResourceArn: first?.TableArn });
  const { Tags } = await stack.cloud.client(DynamoDBClient).send(list);
  expect(Tags).toEqual([{ Key: "b", Value: "3" }]);
});

test("a table can be gone, and one that an interrupted run left is replaced", async () => {
  // Prepare
  const inputs = {
    name: "left",
    attributes: attributes.slice(0, 1),
    hashKey: "pk",
    billingMode: "PAY_PER_REQUEST",
  };
  await createTable(inputs);

  // Act
  const table = await createTable({ ...inputs, streamEnabled: true, streamViewType: "KEYS_ONLY" });
  const present = await table.read();
  await table.delete();
  await table.delete();

  // Assess
  expect(present).toMatchObject({ streamArn: expect.stringContaining("/stream/") });
  expect(await table.read()).toBeUndefined();
});

test("what one region cannot do is refused", async () => {
  // Act
  const creation = createTable({ name: "global", hashKey: "pk", replicas: [{ regionName: "eu-west-1" }] });

  // Assess
  await expect(creation).rejects.toThrow('the local cloud has no "replicas"');
});
