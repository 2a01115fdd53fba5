import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { RecordedCall } from "../../local/front-door/record";
import { deployer } from "./gallery-client";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";
import { uploads } from "./proof/uploads";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud(["--project", "tests/local/programs/proof"]);
});
afterAll(async () => {
  await cloud?.stop();
});

const get = async (path: string) => {
  const response = await fetch(`${cloud.outputs.url}${path}`);
  return { status: response.status, text: await response.text() };
};

const tell = (type: string) =>
  new EventBridgeClient(deployer(cloud)).send(
    new PutEventsCommand({
      Entries: [{ EventBusName: cloud.outputs.busName, Source: "proof", DetailType: type, Detail: "{}" }],
    }),
  );

async function noteIds(): Promise<string[]> {
  const { Items = [] } = await new DynamoDBClient(deployer(cloud)).send(
    new ScanCommand({ TableName: cloud.outputs.notesTable }),
  );
  return Items.map(({ id }) => id?.S ?? "");
}

test("a callback that goes past its bound client is denied by the emulator's IAM", async () => {
  const { text } = await get("bypass");

  expect(JSON.parse(text)).toEqual({
    granted: "allowed",
    otherAction: "AccessDeniedException",
    otherTable: "AccessDeniedException",
  });
});

test("the denials are in the record, with who asked for what", async () => {
  await get("bypass");

  const response = await fetch(
    `${cloud.address}/_gallery/calls?error=AccessDenied*&action=dynamodb:DeleteItem`,
  );
  const { calls } = (await response.json()) as { calls: RecordedCall[] };

  expect(calls[0]).toMatchObject({
    caller: expect.stringMatching(/^api-bypass-/),
    resource: expect.stringMatching(new RegExp(`table/${cloud.outputs.notesTable}$`)),
  });
});

test("a function's error is hidden from callers, as on AWS", async () => {
  expect(await get("fail")).toEqual({ status: 500, text: '{"message":"Internal Server Error"}' });
});

test("a route takes its burst and no more", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => get("limited")));

  const refused = answers.filter(({ status }) => status === 429);
  const taken = answers.filter(({ status }) => status === 200);
  expect(refused.length + taken.length).toBe(8);
  // The burst of 3, less what the start's self-check took, plus what the rate of 1 a second gave since.
  expect(taken.length).toBeGreaterThanOrEqual(2);
  expect(taken.length).toBeLessThanOrEqual(4);
  expect(refused[0]?.text).toBe('{"message":"Too Many Requests"}');
});

test("a web page that knows the address has none of the deployer's rights", async () => {
  const query =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/20300101/eu-west-1/lambda/aws4_request";
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${cloud.address}/2015-03-31/functions?${query}`, { headers })).status;

  expect(await ask({ origin: "https://evil.example" })).toBe(403);
  expect((await fetch(`${cloud.address}/_ministack/reset`, { method: "POST" })).status).toBe(404);
});

test("an event reaches its subscriber, which writes with its own rights", async () => {
  const { Entries = [] } = await tell("note");

  await eventually(async () =>
    (await noteIds()).includes(`event-${Entries[0]?.EventId}`) ? true : undefined,
  );
});

test("an asynchronous invocation that fails for good ends in the dead-letter queue", async () => {
  const lambda = new LambdaClient(deployer(cloud));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const broken = Functions.find(({ FunctionName = "" }) => FunctionName.startsWith("bus-broken-"));
  await lambda.send(
    new InvokeCommand({
      FunctionName: broken?.FunctionName,
      InvocationType: "Event",
      Payload: Buffer.from('{"poison":true}'),
    }),
  );

  const sqs = new SQSClient(deployer(cloud));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "bus-broken-failed" }));
  const body = await eventually(async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: QueueUrls[0] }));
    return Messages[0]?.Body;
  });

  expect(JSON.parse(body)).toMatchObject({ requestPayload: { poison: true } });
});

describe("files", () => uploads(() => cloud));

// Last, since its minute goes by while the others run.
test("a schedule calls its function", async () => {
  await eventually(async () => ((await noteIds()).includes("tick") ? true : undefined), 90_000);
}, 100_000);
