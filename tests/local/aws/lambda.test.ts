import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { asset } from "@pulumi/pulumi";
import { dynamodb } from "../../../local/aws/dynamodb";
import { ifPresent } from "../../../local/aws/faults";
import { iam } from "../../../local/aws/iam";
import { lambda } from "../../../local/aws/lambda";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { type Deployed, eventually, Stack } from "./stack";

let stack: Stack;
let role: string;
let queue: Deployed<aws.sqs.QueueArgs>;

beforeAll(async () => {
  stack = await Stack.start(lambda, iam, dynamodb, sqs);
  const made = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", {
    name: "r",
    assumeRolePolicy: "{}",
  });
  role = String(made.outputs.arn);
  queue = await stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", { name: "q" });
});

afterAll(() => stack.stop());

/** A function whose answer is the value of a JavaScript expression over `event`. */
const answering = (expression: string) =>
  new asset.AssetArchive({
    "index.js": new asset.StringAsset(`exports.handler = async (event) => (${expression});`),
  });

const createFunction = (inputs: Partial<Inputs<aws.lambda.FunctionArgs>>) =>
  stack.create<aws.lambda.FunctionArgs>("aws:lambda/function:Function", {
    code: answering("event"),
    handler: "index.handler",
    runtime: "nodejs20.x",
    role,
    ...inputs,
  });

const client = () => stack.cloud.client(LambdaClient);

async function invoke(FunctionName: string, event: unknown): Promise<unknown> {
  const { Payload } = await client().send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  return JSON.parse(Payload?.transformToString() ?? "");
}

test("a function has all it is given, and answers", async () => {
  // Act
  const made = await createFunction({
    name: "full",
    architectures: ["arm64"],
    code: answering("({ ...event, stage: process.env.STAGE })"),
    deadLetterConfig: { targetArn: String(queue.outputs.arn) },
    description: "all of it",
    environment: { variables: { STAGE: "test" } },
    ephemeralStorage: { size: 1024 },
    loggingConfig: { logFormat: "JSON", logGroup: "/full", applicationLogLevel: "DEBUG" },
    memorySize: 256,
    reservedConcurrentExecutions: 3,
    tags: { a: "1" },
    timeout: 10,
    tracingConfig: { mode: "Active" },
  });

  // Assess
  const found = await client().send(new GetFunctionCommand({ FunctionName: "full" }));
  expect(found).toMatchObject({
    Concurrency: { ReservedConcurrentExecutions: 3 },
    Configuration: {
      Architectures: ["arm64"],
      DeadLetterConfig: { TargetArn: queue.outputs.arn },
      Description: "all of it",
      Environment: { Variables: { STAGE: "test" } },
      EphemeralStorage: { Size: 1024 },
      FunctionArn: made.outputs.arn,
      LoggingConfig: { LogFormat: "JSON", LogGroup: "/full", ApplicationLogLevel: "DEBUG" },
      MemorySize: 256,
      Timeout: 10,
      TracingConfig: { Mode: "Active" },
    },
    Tags: { a: "1" },
  });
  expect(made).toMatchObject({
    id: "full",
    outputs: {
      codeSha256: found.Configuration?.CodeSha256,
      invokeArn: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${made.outputs.arn}/invocations`,
      qualifiedArn: `${made.outputs.arn}:$LATEST`,
      version: "$LATEST",
    },
  });
  expect(await invoke("full", { hello: "world" })).toEqual({ hello: "world", stage: "test" });
});

test("a function changes only what changed", async () => {
  // Prepare
  const made = await createFunction({
    name: "changing",
    code: answering("1"),
    deadLetterConfig: { targetArn: String(queue.outputs.arn) },
    environment: { variables: { A: "1" } },
    reservedConcurrentExecutions: 1,
    tags: { a: "1", b: "2" },
  });
  const get = new GetFunctionCommand({ FunctionName: "changing" });

  // Act
  const before = await client().send(get);
  await made.update({ code: answering("1") });
  const same = await client().send(get);
  const configured = await made.update({
    deadLetterConfig: undefined,
    environment: undefined,
    reservedConcurrentExecutions: -1,
    tags: { b: "3" },
    timeout: 20,
  });
  const found = await client().send(get);
  const coded = await made.update({ code: answering("2"), architectures: ["arm64"] });

  // Assess
  expect(same.Configuration?.RevisionId).toBe(before.Configuration?.RevisionId);
  expect(configured.codeSha256).toBe(made.outputs.codeSha256);
  expect(found).toMatchObject({
    Configuration: { DeadLetterConfig: { TargetArn: "" }, Environment: { Variables: {} }, Timeout: 20 },
    Tags: { b: "3" },
  });
  expect(found.Concurrency).toBeUndefined();
  expect(coded.codeSha256).not.toBe(made.outputs.codeSha256);
  expect(await invoke("changing", {})).toBe(2);
});

test("a published function gets a version with each change", async () => {
  // Prepare
  const made = await createFunction({ name: "published", code: answering("1"), publish: true });

  // Act
  const updated = await made.update({ code: answering("2") });
  const read = await made.read();

  // Assess
  expect(made.outputs.qualifiedArn).toBe(`${made.outputs.arn}:1`);
  expect(updated).toMatchObject({ version: "2", qualifiedArn: `${made.outputs.arn}:2` });
  expect(read).toMatchObject({ version: "2" });
  expect(await invoke("published:1", {})).toBe(1);
});

test("a function can be gone, and one that an interrupted run left is replaced", async () => {
  // Prepare
  await createFunction({ name: "left", code: answering("1") });

  // Act
  const made = await createFunction({ name: "left", code: answering("2") });
  const answer = await invoke("left", {});
  await made.delete();
  await made.delete();

  // Assess
  expect(answer).toBe(2);
  expect(await made.read()).toBeUndefined();
});

test("an image is refused", async () => {
  // Act
  const creation = createFunction({ name: "image", imageUri: "example/image" });

  // Assess
  await expect(creation).rejects.toThrow('the local cloud has no "imageUri"');
});

test("a permission lives from creation to deletion, also of one that an interrupted run left", async () => {
  // Prepare
  const made = await createFunction({ name: "permitted" });
  const create = (inputs: Partial<Inputs<aws.lambda.PermissionArgs>>) =>
    stack.create<aws.lambda.PermissionArgs>("aws:lambda/permission:Permission", {
      action: "lambda:InvokeFunction",
      function: String(made.outputs.arn),
      principal: "events.amazonaws.com",
      statementId: "life",
      ...inputs,
    });
  await create({});

  // Act
  const permission = await create({ sourceArn: "arn:aws:events:us-east-1:000000000000:rule/r" });
  const { Policy } = await client().send(new GetPolicyCommand({ FunctionName: made.id }));
  const present = await permission.read();
  await permission.delete();
  await permission.delete();

  // Assess
  expect(permission.id).toBe("life");
  expect(JSON.parse(Policy ?? "").Statement).toMatchObject([
    {
      Sid: "life",
      Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:events:us-east-1:000000000000:rule/r" } },
    },
  ]);
  expect(present).toEqual({});
  expect(await permission.read()).toBeUndefined();
});

test("a configuration of asynchronous invocations lives from creation to deletion", async () => {
  // Prepare
  const made = await createFunction({ name: "asynchronous" });
  const destination = String(queue.outputs.arn);
  const config = await stack.create<aws.lambda.FunctionEventInvokeConfigArgs>(
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    { functionName: made.id, maximumRetryAttempts: 0, destinationConfig: { onFailure: { destination } } },
  );

  // Act
  await config.update({ maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 });
  const get = new GetFunctionEventInvokeConfigCommand({ FunctionName: made.id });
  const updated = await client().send(get);
  const present = await config.read();
  await config.delete();
  await config.delete();

  // Assess
  expect(config.id).toBe("asynchronous");
  expect(updated).toMatchObject({
    MaximumRetryAttempts: 1,
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnFailure: { Destination: destination } },
  });
  expect(present).toEqual({});
  expect(await config.read()).toBeUndefined();
});

describe("a mapping", () => {
  const createMapping = (inputs: Inputs<aws.lambda.EventSourceMappingArgs>) =>
    stack.create<aws.lambda.EventSourceMappingArgs>(
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      inputs,
    );

  const createTable = (name: string) =>
    stack.create<aws.dynamodb.TableArgs>("aws:dynamodb/table:Table", {
      name,
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
    });

  test("of a stream delivers what its filter lets through", async () => {
    // Prepare
    const table = await createTable("streaming");
    const code = answering("console.log(JSON.stringify(event.Records.map((r) => r.dynamodb.Keys.id.S)))");
    const made = await createFunction({ name: "streamed", code });
    await createMapping({
      functionName: made.id,
      eventSourceArn: String(table.outputs.streamArn),
      startingPosition: "TRIM_HORIZON",
      filterCriteria: {
        filters: [{ pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"id":{"S":["p2"]}}}}' }],
      },
    });

    // Act
    for (const S of ["p1", "p2"]) {
      const put = new PutItemCommand({ TableName: "streaming", Item: { id: { S } } });
      await stack.cloud.client(DynamoDBClient).send(put);
    }

    // Assess
    const logs = stack.cloud.client(CloudWatchLogsClient);
    const log = await eventually(async () => {
      const answer = await ifPresent(
        logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/streamed" })),
      );
      const text = answer?.events?.map(({ message }) => message).join("");
      return text?.includes("p2") ? text : undefined;
    });
    expect(log).toContain('["p2"]');
    expect(log).not.toContain("p1");
  });

  test("of a stream lives from creation to deletion", async () => {
    // Prepare
    const table = await createTable("life");
    const made = await createFunction({ name: "mapped" });
    const mapping = await createMapping({
      functionName: made.id,
      eventSourceArn: String(table.outputs.streamArn),
      startingPosition: "LATEST",
      bisectBatchOnFunctionError: true,
      destinationConfig: { onFailure: { destinationArn: String(queue.outputs.arn) } },
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumRecordAgeInSeconds: 600,
      maximumRetryAttempts: 2,
      parallelizationFactor: 2,
      tags: { a: "1" },
    });
    const get = new GetEventSourceMappingCommand({ UUID: mapping.id });
    const created = await client().send(get);

    // Act
    const outputs = await mapping.update({
      batchSize: 5,
      destinationConfig: undefined,
      enabled: false,
      maximumRetryAttempts: undefined,
    });
    const updated = await client().send(get);
    const present = await mapping.read();
    await mapping.delete();
    await mapping.delete();

    // Assess
    expect(mapping.outputs).toMatchObject({ uuid: mapping.id, arn: created.EventSourceMappingArn });
    expect(created).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: queue.outputs.arn } },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRecordAgeInSeconds: 600,
      MaximumRetryAttempts: 2,
      ParallelizationFactor: 2,
    });
    expect(outputs.state).toBe("Disabled");
    expect(updated).toMatchObject({
      BatchSize: 5,
      DestinationConfig: { OnFailure: {} },
      MaximumRetryAttempts: -1,
    });
    expect(present).toMatchObject({ functionArn: made.outputs.arn });
    expect(await mapping.read()).toBeUndefined();
  });

  test("that an interrupted run left is replaced", async () => {
    // Prepare
    const made = await createFunction({ name: "twice" });
    const inputs = { functionName: made.id, eventSourceArn: String(queue.outputs.arn) };
    await createMapping(inputs);

    // Act
    const mapping = await createMapping({ ...inputs, scalingConfig: { maximumConcurrency: 2 } });

    // Assess
    const list = new ListEventSourceMappingsCommand({ FunctionName: made.id });
    const { EventSourceMappings } = await client().send(list);
    expect(EventSourceMappings).toMatchObject([
      { UUID: mapping.id, BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } },
    ]);
  });
});
