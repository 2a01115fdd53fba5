import { completedMappings } from "../../../local/completions/mapping-settings";
import { queueAlarms } from "../../../local/completions/queue-alarms";
import type { Properties } from "../../../local/engine/resource";
import { resource } from "./resource";

const place = "eu-west-1:000000000000";
const tableStream = `arn:aws:dynamodb:${place}:table/photos/stream/1`;
const dataStream = `arn:aws:kinesis:${place}:stream/views`;
const queue = `arn:aws:sqs:${place}:work`;
const functionArn = `arn:aws:lambda:${place}:function:announce`;
const role = "arn:aws:iam::000000000000:role/announce";
const fn = resource(
  "aws:lambda/function:Function",
  "announce",
  { name: "announce", role },
  { arn: functionArn },
);
const mapping = (id: string, inputs: Properties) =>
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", id, { functionName: "announce", ...inputs });

test.each([
  ["dynamodb", tableStream],
  ["kinesis", dataStream],
])("a stream's mapping of %s has AWS's defaults", (kind, sourceArn) => {
  const mappings = completedMappings([
    fn,
    mapping("m1", { eventSourceArn: sourceArn, startingPosition: "LATEST" }),
  ]);

  expect([...mappings]).toEqual([
    [
      "m1",
      {
        kind,
        sourceArn,
        functionName: "announce",
        functionArn,
        roleArn: role,
        startingPosition: "LATEST",
        batchSize: 100,
        maximumBatchingWindowInSeconds: 0,
        filterPatterns: [],
        reportsBatchItemFailures: false,
        bisectBatchOnFunctionError: false,
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: -1,
        failureDestinationArn: undefined,
      },
    ],
  ]);
});

test("a queue's mapping is completed where its batches must be gathered", () => {
  const resources = [
    fn,
    mapping("own", { eventSourceArn: queue, batchSize: 10 }),
    mapping("large", { eventSourceArn: queue, batchSize: 11, scalingConfig: { maximumConcurrency: 2 } }),
    mapping("slow", { eventSourceArn: queue, maximumBatchingWindowInSeconds: 1 }),
  ];
  const settings = {
    kind: "sqs",
    sourceArn: queue,
    functionName: "announce",
    filterPatterns: [],
    reportsBatchItemFailures: false,
  };

  expect([...completedMappings(resources)]).toEqual([
    ["large", { ...settings, batchSize: 11, maximumBatchingWindowInSeconds: 0, maximumConcurrency: 2 }],
    ["slow", { ...settings, batchSize: 10, maximumBatchingWindowInSeconds: 1, maximumConcurrency: 5 }],
  ]);
});

test("other sources and disabled mappings are not completed", () => {
  const resources = [
    mapping("topic", { eventSourceArn: "arn:aws:kafka:eu-west-1:000000000000:cluster/clicks" }),
    mapping("off", { eventSourceArn: tableStream, enabled: false }),
    mapping("idle", { eventSourceArn: dataStream, enabled: false }),
    mapping("none", {}),
  ];

  expect(completedMappings(resources).size).toBe(0);
});

const alarm = (id: string, inputs: Properties) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", id, {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "failed" },
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 2,
    ...inputs,
  });

test("alarms on a queue's depth are completed, others are not", () => {
  const resources = [
    alarm("depth", {}),
    alarm("some", { datapointsToAlarm: 1 }),
    alarm("errors", { namespace: "AWS/Lambda", metricName: "Errors" }),
    alarm("sent", { metricName: "NumberOfMessagesSent" }),
    alarm("all", { dimensions: {} }),
  ];
  const rule = {
    queueName: "failed",
    metric: "ApproximateNumberOfMessagesVisible",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 2,
  };

  expect(queueAlarms(resources)).toEqual([
    { name: "depth", ...rule, datapointsToAlarm: 2 },
    { name: "some", ...rule, datapointsToAlarm: 1 },
  ]);
});
