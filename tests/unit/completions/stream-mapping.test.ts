import { type MappingSettings, StreamMapping } from "../../../local/completions/stream-mapping";
import type { Position } from "../../../local/completions/stream-reader";
import { FakeStream } from "./fake-stream";

const settings: MappingSettings = {
  streamArn: "arn:aws:dynamodb:eu-west-1:000000000000:table/photos/stream/1",
  functionName: "announce",
  functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:announce",
  startingPosition: "TRIM_HORIZON",
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0,
  filterPatterns: [],
  reportsBatchItemFailures: false,
  bisectBatchOnFunctionError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  failureDestinationArn: "arn:aws:sqs:eu-west-1:000000000000:failed",
};

let stream: FakeStream;
const mappings: StreamMapping[] = [];

beforeEach(async () => {
  stream = await FakeStream.start();
});
afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
  await stream.emulator.stop();
});

function begin(given: Partial<MappingSettings> = {}, position?: Position): StreamMapping {
  const mapping = new StreamMapping({ ...settings, ...given }, stream.lambda, stream.client, position);
  mappings.push(mapping);
  return mapping;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const seen = () => stream.invocations.flat();

test("records come in order, in batches of at most the size", async () => {
  stream.ids.push("a", "b", "c", "d", "e");
  begin({ batchSize: 2 });
  await until(() => seen().length === 5);

  expect(stream.invocations).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("a write that wakes it is processed at once", async () => {
  const mapping = begin();
  stream.ids.push("a");
  await until(() => seen().length === 1);
  const began = performance.now();
  stream.ids.push("b");
  mapping.wake();
  await until(() => seen().length === 2);

  // A mapping that nobody wakes looks once a second.
  expect(performance.now() - began).toBeLessThan(900);
});

test("a window lets a batch grow", async () => {
  const mapping = begin({ maximumBatchingWindowInSeconds: 0.3 });
  stream.ids.push("a");
  mapping.wake();
  await until(() => stream.delivered === 1);
  stream.ids.push("b");
  mapping.wake();
  await until(() => seen().length === 2);

  expect(stream.invocations).toEqual([["a", "b"]]);
});

test("what does not fit the filter is passed over", async () => {
  stream.ids.push("a", "b", "c");
  begin({ filterPatterns: ['{"dynamodb":{"Keys":{"id":{"S":[{"anything-but":"b"}]}}}}'] });
  await until(() => seen().length === 2);

  expect(seen()).toEqual(["a", "c"]);
});

test("a refused batch is tried again until it is taken, whatever the limit of retries", async () => {
  stream.ids.push("a");
  stream.decide = () => (stream.invocations.length < 3 ? { status: 429 } : { answer: null });
  begin({ maximumRetryAttempts: 0 });
  await until(() => seen().length === 3);

  expect(stream.failures).toEqual([]);
});

test("a batch at its limit of retries is given up, and the shard goes on", async () => {
  stream.ids.push("a", "b", "c");
  stream.decide = (ids) => (ids.includes("b") ? { error: "Unhandled" } : { answer: null });
  begin({ batchSize: 2, maximumRetryAttempts: 1 });
  await until(() => seen().includes("c"));

  expect(stream.invocations).toEqual([["a", "b"], ["a", "b"], ["c"]]);
  expect(stream.failures).toMatchObject([
    {
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      responseContext: { functionError: "Unhandled" },
      DDBStreamBatchInfo: { startSequenceNumber: "1", endSequenceNumber: "2", batchSize: 2 },
    },
  ]);
});

test("records that are too old are given up without a try", async () => {
  stream.ids.push("a", "b");
  stream.createdAt = Date.now() / 1000 - 120;
  begin({ maximumRecordAgeInSeconds: 60 });
  await until(() => stream.failures.length === 1);

  expect(stream.invocations).toEqual([]);
  expect(stream.failures).toMatchObject([
    {
      requestContext: { condition: "RecordAgeExceeded", approximateInvokeCount: 0 },
      DDBStreamBatchInfo: { batchSize: 2 },
    },
  ]);
});

test("an iterator that has expired costs no record and doubles none", async () => {
  stream.ids.push("a");
  const mapping = begin();
  await until(() => seen().length === 1);
  stream.expireIterators();
  stream.ids.push("b");
  mapping.wake();
  await until(() => seen().length === 2);

  expect(seen()).toEqual(["a", "b"]);
});

test("a successor begins where its predecessor ended, in the middle of a batch too", async () => {
  stream.ids.push("a", "b", "c");
  stream.decide = (ids) => (ids.includes("b") ? { error: "Unhandled" } : { answer: null });
  const first = begin({ batchSize: 3, bisectBatchOnFunctionError: true });
  await until(() => stream.invocations.length >= 4);
  const position = await first.stop();
  stream.invocations.length = 0;
  stream.decide = () => ({ answer: null });
  begin({}, position);
  await until(() => seen().includes("c"));

  expect(seen()).toEqual(["b", "c"]);
});

test("a successor of one that saw nothing begins where that one began", async () => {
  stream.ids.push("before");
  const first = begin({ startingPosition: "LATEST" });
  await until(() => stream.reads > 0);
  const position = await first.stop();
  stream.ids.push("between");
  begin({ startingPosition: "LATEST" }, position);
  await until(() => seen().length === 1);

  expect(seen()).toEqual(["between"]);
});
