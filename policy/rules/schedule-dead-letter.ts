import { Schedule } from "@pulumi/aws/scheduler/schedule";
import { known } from "../known";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

export const scheduleDeadLetter = resourceRule({
  name: "schedule-dead-letter",
  description: "Invocations that EventBridge Scheduler cannot deliver go to a dead-letter queue.",
  severity: "high",
  reference: documentation(
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
  ),
  remediation:
    "Set target.deadLetterConfig.arn to an SQS standard queue to which the schedule's role may send.",
  type: Schedule,
  check: ({ target }, report) => {
    if (!known(() => target.deadLetterConfig?.arn)) report("drops the invocations it cannot deliver");
  },
});
