import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { known } from "../known";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/** The sources of batches of which a function can tell Lambda what failed. */
const reporting = new Set(["dynamodb", "kinesis", "sqs"]);

export const partialBatchResponse = resourceRule({
  name: "partial-batch-response",
  description: "A function that fails on one of a batch is not given the others again.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html"),
  remediation:
    'Set functionResponseTypes to ["ReportBatchItemFailures"] and return batchItemFailures, or set batchSize to 1.',
  type: EventSourceMapping,
  check: ({ eventSourceArn, batchSize, functionResponseTypes }, report) => {
    const [, , service = ""] = (eventSourceArn ?? "").split(":");
    // Without one it is more: 10 of a queue, 100 of a stream.
    if (!reporting.has(service) || batchSize === 1) return;
    if (!known(() => functionResponseTypes?.includes("ReportBatchItemFailures"))) {
      report("gives its function a whole batch again when one record of it fails");
    }
  },
});
