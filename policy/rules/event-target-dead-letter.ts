import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { known } from "../known";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

export const eventTargetDeadLetter = resourceRule({
  name: "event-target-dead-letter",
  description: "Events that EventBridge cannot deliver go to a dead-letter queue.",
  severity: "high",
  reference: cdkNag("Serverless", "EventBusDLQ"),
  remediation: "Set deadLetterConfig.arn to an SQS queue whose policy lets the rule send to it.",
  type: EventTarget,
  check: ({ deadLetterConfig }, report) => {
    if (!known(() => deadLetterConfig?.arn)) report("drops the events that EventBridge cannot deliver");
  },
});
