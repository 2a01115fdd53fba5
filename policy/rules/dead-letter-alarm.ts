import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm";
import { Queue } from "@pulumi/aws/sqs/queue";
import { deadLetterSource } from "../dead-letter";
import { known, unknown } from "../known";
import { documentation } from "../reference";
import { stackRule } from "../rule";
import { type Found, ofType, referrers } from "../stack";

/** Not NumberOfMessagesSent: what a redrive policy moves, that metric does not count. */
const metric = { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" } as const;

export const deadLetterAlarm = stackRule({
  name: "dead-letter-alarm",
  description: "An alarm tells of messages that nobody could process.",
  severity: "high",
  reference: documentation(
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html",
  ),
  remediation: `Add an aws.cloudwatch.MetricAlarm on ${metric.namespace} ${metric.metricName} of the queue, with alarmActions.`,
  type: Queue,
  check: (queue, stack, report) => {
    const source = deadLetterSource(queue, stack);
    if (!source) return;
    const alarms = referrers(
      queue,
      stack,
      ofType(stack, MetricAlarm).filter(watchesMessages),
      "dimensions",
      ({ props }) => props.dimensions?.QueueName,
    );
    if (!alarms.some(tellsSomebody)) {
      report(`gets what '${source.name}' could not process or deliver, and no alarm tells of it`);
    }
  },
});

function watchesMessages({ props }: Found<MetricAlarm>): boolean {
  return (["namespace", "metricName"] as const).every((key) => {
    const value = known(() => props[key]);
    return value === unknown || value === metric[key];
  });
}

function tellsSomebody({ props }: Found<MetricAlarm>): boolean {
  const actions = known(() => props.alarmActions?.length);
  return Boolean(actions) && known(() => props.actionsEnabled) !== false;
}
