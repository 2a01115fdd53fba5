import { createHash } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";
import { QueueClient } from "../../../local/completions/queue-client";
import type { QueueRecord } from "../../../local/completions/queue-record";
import type { FakeEmulator } from "../front-door/fake-emulator";
import { type FakeAnswer, startFake } from "./surroundings";

const arn = "arn:aws:sqs:eu-west-1:000000000000:views";

let emulator: FakeEmulator;
let sqs: SQSClient;
let client: QueueClient;
let calls: { readonly name: string; readonly request: Record<string, unknown> }[];
let answer: () => FakeAnswer;

beforeEach(async () => {
  calls = [];
  answer = () => ({ json: {} });
  emulator = await startFake({
    operation(name, request) {
      calls.push({ name, request });
      return answer();
    },
    invoke: () => undefined,
  });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  sqs = new SQSClient({ endpoint: emulator.address, region: "eu-west-1", credentials, maxAttempts: 1 });
  client = new QueueClient(sqs, `${emulator.address}/000000000000/views`, arn);
});
afterEach(async () => {
  sqs.destroy();
  await emulator.stop();
});

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const records = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ receiptHandle: `r${n}` }) as QueueRecord);

test("a message comes as Lambda writes it", async () => {
  answer = () => ({
    json: {
      Messages: [
        {
          MessageId: "m",
          ReceiptHandle: "r",
          Body: '{"photo":"p1"}',
          MD5OfBody: md5('{"photo":"p1"}'),
          Attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1700000000000" },
          MessageAttributes: {
            source: { DataType: "String", StringValue: "web" },
            seal: { DataType: "Binary", BinaryValue: Buffer.from("s").toString("base64") },
          },
        },
      ],
    },
  });

  const [record] = await client.receive(1, 1);

  expect(record?.event).toEqual({
    messageId: "m",
    receiptHandle: "r",
    body: '{"photo":"p1"}',
    attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1700000000000" },
    messageAttributes: {
      source: { dataType: "String", stringValue: "web", stringListValues: [], binaryListValues: [] },
      seal: { dataType: "Binary", binaryValue: "cw==", stringListValues: [], binaryListValues: [] },
    },
    md5OfBody: md5('{"photo":"p1"}'),
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: "eu-west-1",
  });
  expect(record?.filtered).toMatchObject({ body: { photo: "p1" } });
});

test.each([
  [25, 0, [10, 10, 5]],
  [10, 0, [10]],
  [500, 1, [10]],
])("%i are asked for in tens, with %i s to wait by one call", async (limit, waitSeconds, asked) => {
  await client.receive(limit, waitSeconds);

  expect(calls.map(({ request }) => request.MaxNumberOfMessages).sort()).toEqual(asked.sort());
});

test("what one call has received is not lost because another failed", async () => {
  let count = 0;
  answer = () => {
    count += 1;
    return count === 1
      ? { json: { Messages: [{ MessageId: "m", ReceiptHandle: "r", Body: "b", MD5OfBody: md5("b") }] } }
      : { error: "ServiceUnavailable", status: 503 };
  };

  expect(await client.receive(20, 0)).toHaveLength(1);
  await expect(client.receive(20, 0)).rejects.toThrow();
});

test.each([
  ["DeleteMessageBatch", () => client.delete(records(23))],
  ["ChangeMessageVisibilityBatch", () => client.giveBack(records(23))],
])("%s is called with tens, each message once", async (name, act) => {
  await act();

  const entries = calls.map(({ request }) => request.Entries as { Id: string; ReceiptHandle: string }[]);
  expect(calls.map((call) => call.name)).toEqual([name, name, name]);
  expect(Math.max(...entries.map(({ length }) => length))).toBe(10);
  const receipts = entries.flat().map(({ ReceiptHandle }) => ReceiptHandle);
  expect(receipts.sort()).toEqual(
    records(23)
      .map(({ receiptHandle }) => receiptHandle)
      .sort(),
  );
});

test("nothing is called for nothing", async () => {
  await client.delete([]);
  await client.giveBack([]);

  expect(calls).toEqual([]);
});
