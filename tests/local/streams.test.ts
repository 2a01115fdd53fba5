import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;
let lambda: LambdaClient;

beforeAll(async () => {
  cloud = await startCloud(["--project", "tests/local/programs/streams"]);
  const terminal = {
    endpoint: cloud.address,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  sqs = new SQSClient(terminal);
  dynamodb = new DynamoDBClient(terminal);
  lambda = new LambdaClient(terminal);
});
afterAll(async () => {
  await cloud?.stop();
});

/** Ids of what each invocation has done. */
async function done(source: string): Promise<string[][]> {
  const ids: string[][] = [];
  for await (const { Items = [] } of paginateScan(
    { client: dynamodb },
    { TableName: cloud.outputs.doneTable },
  )) {
    const own = Items.filter((item) => item.source?.S === source);
    ids.push(...own.map((item) => (item.ids?.L ?? []).map(({ S = "" }) => S)));
  }
  return ids;
}

async function allDone(source: string, count: number): Promise<string[][]> {
  return eventually(async () => {
    const ids = await done(source);
    return ids.flat().length >= count ? ids : undefined;
  });
}

/** The bodies in a queue whose name begins so, when they are as many. */
async function bodiesIn(QueueNamePrefix: string, count: number): Promise<string[]> {
  const { QueueUrls: [QueueUrl] = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix }));
  const bodies: string[] = [];
  return eventually(async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await sqs.send(receive);
    bodies.push(...Messages.map(({ Body = "" }) => Body));
    return bodies.length >= count ? bodies : undefined;
  });
}

test("a poison record of a data stream ends in the dead letters, all others are done once", async () => {
  // Prepare
  const views = Array.from({ length: 60 }, (_, n) => ({
    id: n === 30 ? "poison" : `view-${n}`,
    kind: "view",
  }));
  const others = Array.from({ length: 20 }, (_, n) => ({ id: `other-${n}`, kind: "other" }));

  // Act
  const invoke = new InvokeCommand({
    FunctionName: cloud.outputs.writerName,
    Payload: JSON.stringify([...views, ...others]),
  });
  const { Payload, FunctionError } = await lambda.send(invoke);
  const [failure = ""] = await bodiesIn("views-count-failed", 1);
  const ids = await allDone("views", 59);

  // Assess
  expect([FunctionError, Payload?.transformToString()]).toEqual([undefined, "0"]);
  expect(ids.flat().sort()).toEqual(
    views
      .map(({ id }) => id)
      .filter((id) => id !== "poison")
      .sort(),
  );
  const { requestContext, KinesisBatchInfo } = JSON.parse(failure);
  expect(requestContext).toMatchObject({ condition: "RetryAttemptsExhausted" });
  expect(KinesisBatchInfo).toMatchObject({
    shardId: expect.stringMatching(/^shardId-\d{12}$/),
    batchSize: 1,
    streamArn: cloud.outputs.streamArn,
  });
});

test("a queue is worked off in batches of hundreds; of each, only what failed comes again", async () => {
  // Prepare
  const bodies = Array.from({ length: 1000 }, (_, n) =>
    n % 250 === 7 ? `poison-${n}` : n % 20 === 3 ? `flaky-${n}` : `job-${n}`,
  );
  const poison = bodies.filter((body) => body.startsWith("poison"));

  // Act
  for (let from = 0; from < bodies.length; from += 100) {
    const tens = Array.from({ length: 10 }, (_, n) => bodies.slice(from + 10 * n, from + 10 * (n + 1)));
    await Promise.all(
      tens.map((some) =>
        sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: cloud.outputs.jobsUrl,
            Entries: some.map((MessageBody, n) => ({ Id: String(n), MessageBody })),
          }),
        ),
      ),
    );
  }
  const ids = await allDone("jobs", bodies.length - poison.length);
  const dead = await bodiesIn("jobs-failed", poison.length);

  // Assess
  expect(ids.flat().sort()).toEqual(bodies.filter((body) => !poison.includes(body)).sort());
  expect(dead.sort()).toEqual(poison.sort());
  expect(Math.max(...ids.map(({ length }) => length))).toBeGreaterThan(200);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: cloud.outputs.jobsUrl, AttributeNames: ["All"] }),
  );
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
    VisibilityTimeout: "61",
  });
});
