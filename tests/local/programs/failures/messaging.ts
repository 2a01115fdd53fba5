import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const days = 24 * 60 * 60;

/** A queue that takes TLS only, and messages of one service. */
export function queue(name: string, service: string): aws.sqs.Queue {
  const made = new aws.sqs.Queue(name, { sqsManagedSseEnabled: true, messageRetentionSeconds: 14 * days });
  new aws.sqs.QueuePolicy(`${name}-policy`, {
    queueUrl: made.url,
    policy: policyOf("sqs", made.arn, "sqs:SendMessage", service),
  });
  return made;
}

/** A topic that takes TLS only, and messages of one service. */
export function topic(name: string, service: string): aws.sns.Topic {
  const made = new aws.sns.Topic(name);
  new aws.sns.TopicPolicy(`${name}-policy`, {
    arn: made.arn,
    policy: policyOf("sns", made.arn, "sns:Publish", service),
  });
  return made;
}

function policyOf(prefix: string, arn: pulumi.Output<string>, action: string, service: string) {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: [`${prefix}:*`],
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: [action],
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceAccount": arn.apply((text) => `${text.split(":")[4]}`) } },
      },
    ],
  });
}

/** An alarm while anything lies in the queue. */
export function alarmOn(
  queue: aws.sqs.Queue,
  name: string,
  actions: aws.sns.Topic,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(`${name}-alarm`, {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.name },
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    alarmActions: [actions.arn],
    okActions: [actions.arn],
  });
}
