import { queueAlarms } from "../../../local/completions/queue-alarms";
import { streamMappings } from "../../../local/completions/stream-mappings";
import type { Properties } from "../../../local/engine/resource";
import { resource } from "./resource";

const streamArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/photos/stream/1";
const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:announce";
const fn = resource("aws:lambda/function:Function", "announce", { name: "announce" }, { arn: functionArn });
const mapping = (id: string, inputs: Properties) =>
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", id, { functionName: "announce", ...inputs });

test("a stream's mapping has AWS's defaults", () => {
  const mappings = streamMappings([
    fn,
    mapping("m1", { eventSourceArn: streamArn, startingPosition: "LATEST" }),
  ]);

  expect([...mappings]).toEqual([
    [
      "m1",
      {
        streamArn,
        functionName: "announce",
        functionArn,
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

test("other sources and disabled mappings are not completed", () => {
  const resources = [
    mapping("queue", { eventSourceArn: "arn:aws:sqs:eu-west-1:000000000000:work" }),
    mapping("kinesis", { eventSourceArn: "arn:aws:kinesis:eu-west-1:000000000000:stream/clicks" }),
    mapping("off", { eventSourceArn: streamArn, enabled: false }),
  ];

  expect(streamMappings(resources).size).toBe(0);
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
