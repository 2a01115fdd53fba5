import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { partialBatchResponse } from "../../policy/rules/partial-batch-response";
import { judge, unknown } from "./judge";

const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const queue = arnOf("sqs", "thumbnail");

describe("partial-batch-response", () => {
  test.each([
    { eventSourceArn: queue },
    { eventSourceArn: queue, batchSize: 2, functionResponseTypes: [] },
    { eventSourceArn: arnOf("dynamodb", "table/photos/stream/2025-01-01T00:00:00.000") },
    { eventSourceArn: arnOf("kinesis", "stream/views"), batchSize: 100 },
  ])("refuses %j", (props) => {
    expect(judge(partialBatchResponse, EventSourceMapping, props)).toEqual([
      expect.stringMatching(/^'subject' gives its function a whole batch .* Set functionResponseTypes/),
    ]);
  });

  test.each([
    { eventSourceArn: queue, functionResponseTypes: ["ReportBatchItemFailures"] },
    { eventSourceArn: queue, functionResponseTypes: unknown },
    { eventSourceArn: queue, functionResponseTypes: [unknown] },
    { eventSourceArn: queue, batchSize: 1 },
    { eventSourceArn: queue, batchSize: unknown },
    { eventSourceArn: unknown },
    { eventSourceArn: arnOf("kafka", "cluster/views/1a2b") },
    { selfManagedEventSource: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: "kafka.example:9092" } } },
  ])("lets %j pass", (props) => {
    expect(judge(partialBatchResponse, EventSourceMapping, props)).toEqual([]);
  });

  test("says nothing of a mapping that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { subject: "one transaction for the batch" } };

    // Act
    const messages = judge(partialBatchResponse, EventSourceMapping, { eventSourceArn: queue }, config);

    // Assess
    expect(messages).toEqual([]);
  });
});
