import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm";
import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig";
import { Schedule } from "@pulumi/aws/scheduler/schedule";
import { Topic } from "@pulumi/aws/sns/topic";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import { Queue } from "@pulumi/aws/sqs/queue";
import { RedrivePolicy } from "@pulumi/aws/sqs/redrivePolicy";
import { deadLetterAlarm } from "../../policy/rules/dead-letter-alarm";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:sqs:eu-west-1:123456789012:dead";
const failures = "arn:aws:sns:eu-west-1:123456789012:failures";
const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 });

const dead = given(Queue, "dead", { arn, name: "dead" });
const source = given(Queue, "source", { redrivePolicy });
const watching = {
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: "dead" },
  alarmActions: ["arn:aws:sns:eu-west-1:123456789012:alarms"],
};

describe("dead-letter-alarm", () => {
  test.each([
    ["queue", source],
    ["queue with its policy apart", given(RedrivePolicy, "source", { redrivePolicy })],
    ["subscription", given(TopicSubscription, "source", { redrivePolicy })],
    ["rule", given(EventTarget, "source", { deadLetterConfig: { arn } })],
    ["schedule", given(Schedule, "source", { target: { deadLetterConfig: { arn } } })],
    ["function", given(LambdaFunction, "source", { deadLetterConfig: { targetArn: arn } })],
    [
      "asynchronous function",
      given(FunctionEventInvokeConfig, "source", { destinationConfig: { onFailure: { destination: arn } } }),
    ],
    [
      "stream",
      given(EventSourceMapping, "source", { destinationConfig: { onFailure: { destinationArn: arn } } }),
    ],
  ])("refuses the dead-letter queue of a %s without an alarm", (_, user) => {
    expect(judgeStack(deadLetterAlarm, [dead, user])).toEqual({
      dead: [
        expect.stringMatching(/^'dead' gets what 'source' could not .* Add an aws\.cloudwatch\.MetricAlarm/),
      ],
    });
  });

  test("refuses a queue that a topic of failures fills", () => {
    // Prepare
    const stack = [
      dead,
      given(Topic, "failures", { arn: failures }),
      given(TopicSubscription, "subscription", { protocol: "sqs", topic: failures, endpoint: arn }),
      given(LambdaFunction, "resize", { deadLetterConfig: { targetArn: failures } }),
    ];

    // Act
    const messages = judgeStack(deadLetterAlarm, stack);

    // Assess
    expect(messages).toEqual({ dead: [expect.stringContaining("gets what 'resize' could not")] });
  });

  test("finds it by dependency in a preview", () => {
    // Prepare
    const planned = given(Queue, "dead", { arn: unknown, name: unknown });
    const topic = given(Topic, "failures", { arn: unknown });
    const stack = [
      planned,
      topic,
      given(
        TopicSubscription,
        "subscription",
        { protocol: "sqs", topic: unknown, endpoint: unknown },
        { topic: [topic], endpoint: [planned] },
      ),
      given(
        FunctionEventInvokeConfig,
        "resize",
        { destinationConfig: { onFailure: { destination: unknown } } },
        { destinationConfig: [topic] },
      ),
    ];

    // Act
    const messages = judgeStack(deadLetterAlarm, stack);

    // Assess
    expect(Object.keys(messages)).toEqual(["dead"]);
  });

  test.each([
    ["of another queue", { ...watching, dimensions: { QueueName: "other" } }],
    ["on another metric", { ...watching, metricName: "NumberOfMessagesSent" }],
    ["without an action", { ...watching, alarmActions: [] }],
    ["whose actions are off", { ...watching, actionsEnabled: false }],
  ])("refuses an alarm %s", (_, props) => {
    // Act
    const messages = judgeStack(deadLetterAlarm, [dead, source, given(MetricAlarm, "alarm", props)]);

    // Assess
    expect(Object.keys(messages)).toEqual(["dead"]);
  });

  test.each([
    ["with an alarm", watching],
    ["whose alarm has unknown actions", { ...watching, alarmActions: unknown }],
    ["whose alarm has an unknown action", { ...watching, alarmActions: [unknown] }],
    ["when it is not known what an alarm watches", { ...watching, dimensions: unknown }],
    [
      "when it is not known which queue an alarm watches",
      { ...watching, dimensions: { QueueName: unknown } },
    ],
    ["when it is not known which metric an alarm watches", { ...watching, metricName: unknown }],
  ])("lets a dead-letter queue pass %s", (_, props) => {
    expect(judgeStack(deadLetterAlarm, [dead, source, given(MetricAlarm, "alarm", props)])).toEqual({});
  });

  test("lets a queue pass whose alarm only a dependency tells in a preview", () => {
    // Prepare
    const planned = given(Queue, "dead", { arn, name: unknown });
    const alarm = given(
      MetricAlarm,
      "alarm",
      { ...watching, dimensions: { QueueName: unknown } },
      { dimensions: [planned] },
    );

    // Act
    const messages = judgeStack(deadLetterAlarm, [planned, source, alarm]);

    // Assess
    expect(messages).toEqual({});
  });

  test.each([
    ["of no use", source],
    ["that is written to by name", given(EventTarget, "target", { arn })],
    ["that a topic fills which gets no failures", given(Topic, "failures", { arn: failures })],
    ["of a use that is not known", given(Queue, "source", { redrivePolicy: unknown })],
    ["whose user has no JSON", given(Queue, "source", { redrivePolicy: arn })],
  ])("asks nothing of a queue %s", (_, user) => {
    // Prepare
    const other = given(Queue, "other", { arn: user === source ? `${arn}-letters` : arn });
    const subscription = given(TopicSubscription, "subscription", {
      protocol: "sqs",
      topic: failures,
      endpoint: arn,
    });

    // Act
    const messages = judgeStack(deadLetterAlarm, [other, user, subscription]);

    // Assess
    expect(messages).toEqual({});
  });

  test("says nothing of a queue that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { dead: "a person looks at it each day" } };

    // Act
    const messages = judgeStack(deadLetterAlarm, [dead, source], config);

    // Assess
    expect(messages).toEqual({});
  });
});
