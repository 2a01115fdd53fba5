import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { FaultRule } from "../../local/front-door/faults";
import type { RecordedCall } from "../../local/front-door/record";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;
let events: EventBridgeClient;

beforeAll(async () => {
  cloud = await startCloud(["--project", "tests/local/programs/failures"]);
  const terminal = {
    endpoint: cloud.address,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  sqs = new SQSClient(terminal);
  dynamodb = new DynamoDBClient(terminal);
  events = new EventBridgeClient(terminal);
});
afterAll(async () => {
  await cloud?.stop();
});

const tell = (type: string, detail: object) =>
  events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: cloud.outputs.busName,
          Source: "failures",
          DetailType: type,
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );

/** The next message of the queue, taken from it. */
async function take(QueueUrl: string | undefined): Promise<Message | undefined> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }),
  );
  const [message] = Messages;
  if (message) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  }
  return message;
}

const bodyOf = ({ Body = "" }: Message) => JSON.parse(Body);

async function calls(query: string): Promise<RecordedCall[]> {
  const response = await fetch(`${cloud.address}/_gallery/calls?${query}`);
  return ((await response.json()) as { calls: RecordedCall[] }).calls;
}

async function faults(
  method: string,
  rules?: readonly FaultRule[],
  query = "",
): Promise<{ struck: number }[]> {
  const response = await fetch(`${cloud.address}/_gallery/faults${query}`, {
    method,
    body: rules && JSON.stringify(rules),
  });
  return ((await response.json()) as { faults: { struck: number }[] }).faults;
}

test("an event whose function throws ends at the function's failure destination", async () => {
  await tell("thrown", { photo: "p1" });

  const message = await eventually(() => take(cloud.outputs.thrownUrl));

  expect(bodyOf(message)).toMatchObject({
    requestContext: { condition: "RetriesExhausted" },
    requestPayload: { "detail-type": "thrown", detail: { photo: "p1" } },
    responsePayload: { errorMessage: "this event cannot be processed" },
  });
  expect(await take(cloud.outputs.undeliveredUrl)).toBeUndefined();
});

test("an event that Lambda refuses is tried again, then ends in the target's dead-letter queue", async () => {
  // Prepare
  const caller = "events.amazonaws.com";
  const { refusedArn: resource = "" } = cloud.outputs;
  const action = "lambda:InvokeFunction";
  await faults("PUT", [{ caller, action, resource, status: 429, error: "TooManyRequestsException" }]);

  // Act
  await tell("refused", { photo: "p2" });
  const message = await eventually(() => take(cloud.outputs.undeliveredUrl));
  const [fault] = await faults("GET");
  await faults("DELETE");

  // Assess
  expect(bodyOf(message)).toMatchObject({ "detail-type": "refused", detail: { photo: "p2" } });
  const attributes = Object.entries(message.MessageAttributes ?? {});
  expect(Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue]))).toEqual({
    RULE_ARN: expect.stringMatching(/:rule\/bus-[0-9a-f]+\/refused-[0-9a-f]+$/),
    TARGET_ARN: resource,
    ERROR_CODE: "THROTTLING",
    ERROR_MESSAGE: expect.any(String),
    EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
    RETRY_ATTEMPTS: "2",
  });
  expect(fault?.struck).toBe(3);
  expect(await calls(`caller=${caller}&resource=${resource}&status=429`)).toHaveLength(3);
});

test("a poison record of a stream is set apart; all others are processed, in order", async () => {
  // Act
  const ids = ["a", "b", "poison", "c", "d"];
  const TableName = cloud.outputs.sourceTable;
  await dynamodb.send(
    new TransactWriteItemsCommand({
      TransactItems: ids.map((id) => ({ Put: { TableName, Item: { id: { S: id } } } })),
    }),
  );
  const failures = {
    bisected: bodyOf(await eventually(() => take(cloud.outputs.bisectedUrl))),
    reported: bodyOf(await eventually(() => take(cloud.outputs.reportedUrl))),
  };
  const seen = async (id: string) => {
    const get = new GetItemCommand({ TableName: cloud.outputs.seenTable, Key: { id: { S: id } } });
    const list = (await dynamodb.send(get)).Item?.seen?.L?.map(({ S }) => S);
    return list?.includes("d") ? list : undefined;
  };
  const bisected = await eventually(() => seen("bisected"));
  const reported = await eventually(() => seen("reported"));

  // Assess
  expect([bisected, reported]).toEqual([
    ["a", "b", "c", "d"],
    ["a", "b", "c", "d"],
  ]);
  for (const { requestContext, DDBStreamBatchInfo } of Object.values(failures)) {
    expect(requestContext).toMatchObject({ condition: "RetryAttemptsExhausted" });
    expect(DDBStreamBatchInfo).toMatchObject({ batchSize: 1, streamArn: cloud.outputs.streamArn });
    expect(DDBStreamBatchInfo.startSequenceNumber).toBe(DDBStreamBatchInfo.endSequenceNumber);
  }
  expect(failures.bisected.responseContext).toMatchObject({ functionError: "Unhandled" });
  expect(failures.reported.responseContext).not.toHaveProperty("functionError");
  expect(await take(cloud.outputs.bisectedUrl)).toBeUndefined();
});

test("an alarm on a queue's depth goes off, and is over when the queue is empty", async () => {
  // Prepare
  const notices: { AlarmName: string; NewStateValue: string }[] = [];
  const told = (state: string) => async () => {
    const message = await take(cloud.outputs.noticesUrl);
    if (message) notices.push(bodyOf(message));
    return notices.find(
      ({ AlarmName, NewStateValue }) => AlarmName === cloud.outputs.watchedAlarm && NewStateValue === state,
    );
  };
  await eventually(told("OK"));
  notices.length = 0;

  // Act
  await sqs.send(new SendMessageCommand({ QueueUrl: cloud.outputs.watchedUrl, MessageBody: "lost" }));
  const alarm = await eventually(told("ALARM"));
  await eventually(() => take(cloud.outputs.watchedUrl));
  const over = await eventually(told("OK"));

  // Assess
  expect(alarm).toMatchObject({
    NewStateReason: expect.stringContaining("greater than the threshold (0)"),
    OldStateValue: "OK",
  });
  expect(over).toMatchObject({ OldStateValue: "ALARM" });
});

test("faults strike about as often as asked", async () => {
  // Prepare
  const action = "dynamodb:GetItem";
  await faults(
    "PUT",
    [{ caller: "deployer", action, probability: 0.3, status: 400, error: "ThrottlingException" }],
    "?seed=1",
  );
  const get = new GetItemCommand({ TableName: cloud.outputs.seenTable, Key: { id: { S: "none" } } });

  // Act
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, () =>
      dynamodb.send(get).then(
        () => "answered",
        (error: Error) => error.name,
      ),
    ),
  );
  const [fault] = await faults("GET");
  await faults("DELETE");

  // Assess
  const struck = outcomes.filter((outcome) => outcome === "ThrottlingException").length;
  expect(new Set(outcomes)).toEqual(new Set(["answered", "ThrottlingException"]));
  // Within four standard deviations.
  expect(Math.abs(struck - 90)).toBeLessThan(32);
  expect(fault?.struck).toBe(struck);
});
