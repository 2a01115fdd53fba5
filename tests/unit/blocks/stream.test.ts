import { DeadLetters } from "../../../components/dead-letters";
import { LambdaFunction } from "../../../components/function";
import { type OnRecordsOptions, Stream } from "../../../components/stream";
import { evaluate, granted, only } from "../program";

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";

const listening = (options: Partial<OnRecordsOptions> = {}) =>
  evaluate(() => {
    new Stream("views").onRecords("count", async () => ({ batchItemFailures: [] }), {
      deadLetters: new DeadLetters("failures"),
      ...options,
    });
    return {};
  });

test("is on demand, encrypted, and keeps its records for a day or as long as asked", async () => {
  const graph = await evaluate(() => {
    new Stream("views");
    new Stream("clicks", { retentionHours: 168 });
    return {};
  });

  const encrypted = {
    streamModeDetails: { streamMode: "ON_DEMAND" },
    encryptionType: "KMS",
    kmsKeyId: "alias/aws/kinesis",
  };
  const type = "aws:kinesis/stream:Stream";
  expect(only(graph, type, "views").inputs).toEqual({ ...encrypted, retentionPeriod: 24 });
  expect(only(graph, type, "clicks").inputs).toEqual({ ...encrypted, retentionPeriod: 168 });
});

test("who puts records may put records, by the method called", async () => {
  const graph = await evaluate(() => {
    const views = new Stream("views");
    new LambdaFunction("one", {
      handler: async () => views.sdk.PutRecord({ Data: Buffer.from("{}"), PartitionKey: "p" }),
    });
    new LambdaFunction("many", { handler: async () => views.sdk.PutRecords({ Records: [] }) });
    return {};
  });
  const policyOf = (name: string) => granted(only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`));

  expect(policyOf("one")).toEqual({ "kinesis:PutRecord": arn("kinesis", "views") });
  expect(policyOf("many")).toEqual({ "kinesis:PutRecords": arn("kinesis", "views") });
  expect(only(graph, "aws:lambda/function:Function", "one").inputs.environment).toEqual({
    variables: { VIEWS_STREAM_NAME: "views" },
  });
});

test("calls a function, which halves and retries a failing batch, then keeps it", async () => {
  const graph = await listening({
    filters: [{ data: { kind: ["view"] } }],
    batchSize: 500,
    maximumBatchingWindowSeconds: 5,
    parallelizationFactor: 2,
    retries: 3,
    maximumRecordAgeSeconds: 600,
  });

  const topic = arn("sns", "views-count-failed");
  expect(only(graph, mapping, "views-count-stream").inputs).toMatchObject({
    eventSourceArn: arn("kinesis", "views"),
    functionName: arn("lambda", "views-count"),
    startingPosition: "TRIM_HORIZON",
    batchSize: 500,
    maximumBatchingWindowInSeconds: 5,
    parallelizationFactor: 2,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 3,
    maximumRecordAgeInSeconds: 600,
    functionResponseTypes: ["ReportBatchItemFailures"],
    filterCriteria: { filters: [{ pattern: '{"data":{"kind":["view"]}}' }] },
    destinationConfig: { onFailure: { destinationArn: topic } },
  });
  const stream = arn("kinesis", "views");
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "views-count-policy"))).toEqual({
    "kinesis:DescribeStream": stream,
    "kinesis:DescribeStreamSummary": stream,
    "kinesis:GetRecords": stream,
    "kinesis:GetShardIterator": stream,
    "kinesis:ListShards": stream,
    "sns:Publish": topic,
  });
});

test("without a filter, all records reach the function, a hundred at most and at once", async () => {
  const { inputs } = only(await listening(), mapping, "views-count-stream");

  expect(inputs).toMatchObject({
    batchSize: 100,
    maximumBatchingWindowInSeconds: 0,
    parallelizationFactor: 1,
  });
  expect(inputs).not.toHaveProperty("filterCriteria");
});

test.each([
  ["batchSize", { batchSize: 0 }],
  ["batchSize", { batchSize: 10_001 }],
  ["maximumBatchingWindowSeconds", { maximumBatchingWindowSeconds: 301 }],
  ["parallelizationFactor", { parallelizationFactor: 11 }],
  ["retries", { retries: 10_001 }],
  ["maximumRecordAgeSeconds", { maximumRecordAgeSeconds: 59 }],
])("%s out of AWS's range is refused by name", async (argument, options) => {
  await expect(listening(options)).rejects.toThrow(
    new RegExp(`^views-count: ${argument} is .*must be a whole number from`),
  );
});

test("records that Kinesis cannot keep as long are refused", async () => {
  const attempt = evaluate(() => {
    new Stream("views", { retentionHours: 8761 });
    return {};
  });

  await expect(attempt).rejects.toThrow(/^views: retentionHours is 8761/);
});
