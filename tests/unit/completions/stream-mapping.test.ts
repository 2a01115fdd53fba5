import type { StreamSettings } from "../../../local/completions/mapping-settings";
import type { Positions } from "../../../local/completions/running-mapping";
import { StreamMapping } from "../../../local/completions/stream-mapping";
import { NOTHING } from "../../../local/front-door/call";
import { dynamodb, FakeStream, kinesis, roleArn } from "./fake-stream";

const settings = {
  functionName: "announce",
  functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:announce",
  roleArn,
  startingPosition: "TRIM_HORIZON",
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0,
  filterPatterns: [],
  reportsBatchItemFailures: false,
  bisectBatchOnFunctionError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  failureDestinationArn: "arn:aws:sqs:eu-west-1:000000000000:failed",
} satisfies Partial<StreamSettings>;

let stream: FakeStream;
const mappings: StreamMapping[] = [];

afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
  await stream.emulator.stop();
});

function begin(given: Partial<StreamSettings> = {}, before?: Positions): StreamMapping {
  const { streamArn: sourceArn } = stream.service;
  const kind = sourceArn.includes(":kinesis:") ? "kinesis" : "dynamodb";
  const mapping = new StreamMapping(
    { kind, sourceArn, ...settings, ...given },
    stream.source,
    stream.lambda,
    before,
  );
  mappings.push(mapping);
  return mapping;
}

/** Tells the mapping of a call that has put something into the stream. */
function wake(mapping: StreamMapping): void {
  const [action, resource] = stream.service.streamArn.includes(":kinesis:")
    ? ["kinesis:PutRecords", stream.service.streamArn]
    : ["dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:000000000000:table/photos"];
  mapping.heard({ ...NOTHING, service: action.split(":")[0] ?? "", action, resource });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const seen = () => stream.invocations.flat();

describe.each([
  ["DynamoDB", dynamodb, '{"dynamodb":{"Keys":{"id":{"S":[{"anything-but":"b"}]}}}}', "DDBStreamBatchInfo"],
  ["Kinesis", kinesis(1), '{"data":{"id":[{"anything-but":"b"}]}}', "KinesisBatchInfo"],
] as const)("a stream of %s", (_name, service, allButB, batchInfo) => {
  beforeEach(async () => {
    stream = await FakeStream.start(service);
  });

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
    wake(mapping);
    await until(() => seen().length === 2);

    // A mapping that nobody wakes looks once a second.
    expect(performance.now() - began).toBeLessThan(900);
  });

  test("a window lets a batch grow", async () => {
    stream.ids.push("a");
    const mapping = begin({ maximumBatchingWindowInSeconds: 0.3 });
    await until(() => stream.delivered === 1);
    stream.ids.push("b");
    wake(mapping);
    await until(() => seen().length === 2);

    expect(stream.invocations).toEqual([["a", "b"]]);
  });

  test("what does not fit the filter is passed over", async () => {
    stream.ids.push("a", "b", "c");
    begin({ filterPatterns: [allButB] });
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
        [batchInfo]: {
          shardId: service.shardIds[0],
          streamArn: service.streamArn,
          startSequenceNumber: "1",
          endSequenceNumber: "2",
          batchSize: 2,
        },
      },
    ]);
  });

  test("an answered failure sets the poison apart, where batches are bisected", async () => {
    stream.ids.push("a", "b", "poison", "c");
    const failed = { batchItemFailures: [{ itemIdentifier: "3" }] };
    stream.decide = (ids) => ({ answer: ids.includes("poison") ? failed : null });
    begin({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 0, reportsBatchItemFailures: true });
    await until(() => stream.failures.length === 1);

    expect(stream.failures).toMatchObject([{ [batchInfo]: { startSequenceNumber: "3", batchSize: 1 } }]);
    await until(() => stream.invocations.at(-1)?.[0] === "c");
    expect(stream.invocations).toEqual([["a", "b", "poison", "c"], ["poison", "c"], ["poison"], ["c"]]);
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
        [batchInfo]: { batchSize: 2 },
      },
    ]);
  });

  test("an iterator that has expired costs no record and doubles none", async () => {
    stream.ids.push("a");
    const mapping = begin();
    await until(() => seen().length === 1);
    stream.expireIterators();
    stream.ids.push("b");
    wake(mapping);
    await until(() => seen().length === 2);

    expect(seen()).toEqual(["a", "b"]);
  });

  test("a successor begins where its predecessor ended, in the middle of a batch too", async () => {
    stream.ids.push("a", "b", "c");
    stream.decide = (ids) => (ids.includes("b") ? { error: "Unhandled" } : { answer: null });
    const first = begin({ batchSize: 3, bisectBatchOnFunctionError: true });
    await until(() => stream.invocations.length >= 4);
    const positions = await first.stop();
    stream.events.length = 0;
    stream.decide = () => ({ answer: null });
    begin({}, positions);
    await until(() => seen().includes("c"));

    expect(seen()).toEqual(["b", "c"]);
  });

  test("a successor of one that saw nothing begins where that one began", async () => {
    stream.ids.push("before");
    const first = begin({ startingPosition: "LATEST" });
    await until(() => stream.reads > 0);
    const positions = await first.stop();
    stream.ids.push("between");
    begin({ startingPosition: "LATEST" }, positions);
    await until(() => seen().length === 1);

    expect(seen()).toEqual(["between"]);
  });

  test("a place that was never used passes on to the next successor", async () => {
    const positions: Positions = new Map([[`${service.shardIds[0]}`, { from: "LATEST", after: "7" }]]);

    expect(await begin({}, positions).stop()).toEqual(positions);
  });

  test("of other streams it hears nothing", async () => {
    const mapping = begin();
    await until(() => stream.reads === 1);
    const resource = service.streamArn.replace(/photos|views/, "$&2");
    for (const action of ["dynamodb:PutItem", "dynamodb:Query", "kinesis:PutRecord", "kinesis:GetRecords"]) {
      mapping.heard({ ...NOTHING, service: action.split(":")[0] ?? "", action, resource });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(stream.reads).toBe(1);
  });
});

describe("a stream of several shards", () => {
  const [one, two] = kinesis(2).shardIds as [string, string];
  const records = (shardId: string) => stream.shards.get(shardId) ?? [];

  beforeEach(async () => {
    stream = await FakeStream.start(kinesis(2));
  });

  test("a shard that is held up holds up no other", async () => {
    records(one).push("poison", "late");
    records(two).push("a", "b");
    stream.decide = (ids) => (ids.includes("poison") ? { error: "Unhandled" } : { answer: null });
    begin({ batchSize: 1 });
    await until(() => seen().includes("b"));

    expect(seen()).not.toContain("late");
    expect(seen().filter((id) => id !== "poison")).toEqual(["a", "b"]);
  });

  test("a batch has records of one shard, as Lambda writes them", async () => {
    records(one).push("a");
    records(two).push("b");
    stream.createdAt = 1_700_000_000.5;
    begin();
    await until(() => seen().length === 2);

    expect(stream.events.map(({ length }) => length)).toEqual([1, 1]);
    expect(stream.events.flat().find((event) => stream.service.idOf(event) === "b")).toEqual({
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "key of b",
        sequenceNumber: "1",
        data: Buffer.from('{"id":"b"}').toString("base64"),
        approximateArrivalTimestamp: 1_700_000_000.5,
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `${two}:1`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: roleArn,
      awsRegion: "eu-west-1",
      eventSourceARN: stream.service.streamArn,
    });
  });

  test("a successor knows the place in each shard", async () => {
    records(one).push("a", "b");
    records(two).push("c");
    const first = begin();
    await until(() => seen().length === 3);
    const positions = await first.stop();
    records(one).push("d");
    records(two).push("e");
    begin({}, positions);
    await until(() => seen().length === 5);

    expect(seen().sort()).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("a closed shard is read to its end, and once", async () => {
    records(one).push("a", "b", "c");
    stream.closed.add(one);
    begin({ batchSize: 2 });
    await until(() => seen().length === 3);
    const { reads } = stream;
    await until(() => stream.reads > reads + 1);

    expect(seen()).toEqual(["a", "b", "c"]);
  });

  test("a filter looks at the key too, and finds no data that is not JSON", async () => {
    jest.spyOn(stream.service, "record").mockImplementation((id, SequenceNumber) => ({
      Data: Buffer.from(id === "text" ? "id" : JSON.stringify({ id })).toString("base64"),
      PartitionKey: id,
      SequenceNumber,
    }));
    stream.decide = () => ({ answer: null });
    records(one).push("text", "a", "key");
    begin({ filterPatterns: ['{"partitionKey":["key"]}', '{"data":{"id":["a"]}}'] });
    await until(() => stream.events.length > 0);

    expect(seen()).toEqual(["a", "key"]);
  });
});
