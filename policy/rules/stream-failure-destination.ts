import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { known } from "../known";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

export const streamFailureDestination = resourceRule({
  name: "stream-failure-destination",
  description: "What a function cannot process of a stream goes to a queue or topic.",
  severity: "high",
  reference: cdkNag("Serverless", "LambdaEventSourceMappingDestination"),
  remediation:
    "Set destinationConfig.onFailure.destinationArn, and limit maximumRetryAttempts or maximumRecordAgeInSeconds.",
  type: EventSourceMapping,
  check: ({ startingPosition, destinationConfig }, report) => {
    // AWS asks for a starting position of streams, and refuses it of queues.
    if (!startingPosition) return;
    if (!known(() => destinationConfig?.onFailure?.destinationArn)) {
      report("drops the records of a stream which its function cannot process");
    }
  },
});
