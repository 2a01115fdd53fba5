import { DeadLetters, type DeadLettersArgs } from "../../../components/dead-letters";
import { evaluate, only, type Registered } from "../program";

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const deploy = (args?: DeadLettersArgs) =>
  evaluate(() => {
    const rule = { service: "events.amazonaws.com", sourceArn: arn("events", "rule") };
    new DeadLetters("failures", args).path("bill", [rule], {});
    return {};
  });

const statementsOf = ({ inputs }: Registered) => JSON.parse(String(inputs.policy)).Statement;
const onlyByTls = (action: string, resource: string) => ({
  Effect: "Deny",
  Principal: "*",
  Action: [action],
  Resource: [resource],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const sends = (service: string, queue: string, source: string) => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action: ["sqs:SendMessage"],
  Resource: arn("sqs", queue),
  Condition: { ArnEquals: { "aws:SourceArn": source } },
});

describe("a path", () => {
  test("is a topic before an encrypted queue that keeps messages for 14 days", async () => {
    const graph = await deploy();

    expect(only(graph, "aws:sqs/queue:Queue", "bill-failed").inputs).toMatchObject({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
    expect(
      only(graph, "aws:sns/topicSubscription:TopicSubscription", "bill-failed-subscription").inputs,
    ).toMatchObject({
      topic: arn("sns", "bill-failed"),
      protocol: "sqs",
      endpoint: arn("sqs", "bill-failed"),
      rawMessageDelivery: true,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "failures-lost") }),
    });
  });

  test("gets messages of its topic and of the senders it was made for, by TLS only", async () => {
    const graph = await deploy();

    expect(statementsOf(only(graph, "aws:sqs/queuePolicy:QueuePolicy", "bill-failed-policy"))).toEqual([
      onlyByTls("sqs:*", arn("sqs", "bill-failed")),
      sends("sns.amazonaws.com", "bill-failed", arn("sns", "bill-failed")),
      sends("events.amazonaws.com", "bill-failed", arn("events", "rule")),
    ]);
    expect(statementsOf(only(graph, "aws:sns/topicPolicy:TopicPolicy", "bill-failed-policy"))).toEqual([
      onlyByTls("sns:Publish", arn("sns", "bill-failed")),
    ]);
  });

  test("tells the alarms as soon as one message lies there, and when none does any more", async () => {
    const graph = await deploy();

    expect(only(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "bill-failed-alarm").inputs).toMatchObject({
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "bill-failed" },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [arn("sns", "failures-alarms")],
      okActions: [arn("sns", "failures-alarms")],
    });
  });
});

test("a queue alone has its alarm and takes messages of its senders only", async () => {
  const graph = await evaluate(() => {
    const topic = { service: "sns.amazonaws.com", sourceArn: arn("sns", "news") };
    new DeadLetters("failures").queue("bill", [topic], {});
    return {};
  });

  expect(statementsOf(only(graph, "aws:sqs/queuePolicy:QueuePolicy", "bill-failed-policy")).slice(1)).toEqual(
    [sends("sns.amazonaws.com", "bill-failed", arn("sns", "news"))],
  );
  expect(only(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "bill-failed-alarm").inputs).toMatchObject({
    alarmActions: [arn("sns", "failures-alarms")],
  });
  expect(graph.resources.filter(({ name }) => name === "bill-failed").map(({ type }) => type)).toEqual(
    expect.not.arrayContaining(["aws:sns/topic:Topic"]),
  );
});

describe("alarms", () => {
  test("are told by CloudWatch of the own account alone", async () => {
    const graph = await deploy();

    expect(statementsOf(only(graph, "aws:sns/topicPolicy:TopicPolicy", "failures-alarms-policy"))).toEqual([
      onlyByTls("sns:Publish", arn("sns", "failures-alarms")),
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["sns:Publish"],
        Resource: arn("sns", "failures-alarms"),
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  test("stay in a queue of notices, which takes them of their topic alone", async () => {
    const graph = await deploy();

    expect(
      only(graph, "aws:sns/topicSubscription:TopicSubscription", "failures-notices-subscription").inputs,
    ).toMatchObject({ topic: arn("sns", "failures-alarms"), endpoint: arn("sqs", "failures-notices") });
    expect(
      statementsOf(only(graph, "aws:sqs/queuePolicy:QueuePolicy", "failures-notices-policy")).slice(1),
    ).toEqual([sends("sns.amazonaws.com", "failures-notices", arn("sns", "failures-alarms"))]);
  });

  test("are mailed only where an address is given", async () => {
    const mails = ({ resources }: { resources: Registered[] }) =>
      resources
        .filter(({ inputs }) => inputs.protocol === "email")
        .map(({ inputs: { topic, endpoint } }) => ({ topic, endpoint }));

    expect(mails(await deploy())).toEqual([]);
    expect(mails(await deploy({ email: "ops@shop.example" }))).toEqual([
      { topic: arn("sns", "failures-alarms"), endpoint: "ops@shop.example" },
    ]);
  });
});

test("what topics of the account cannot deliver lies in the lost queue, which has an alarm too", async () => {
  const graph = await deploy();

  expect(
    statementsOf(only(graph, "aws:sqs/queuePolicy:QueuePolicy", "failures-lost-policy")).slice(1),
  ).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: arn("sqs", "failures-lost"),
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
  expect(only(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "failures-lost-alarm").inputs).toMatchObject({
    dimensions: { QueueName: "failures-lost" },
    alarmActions: [arn("sns", "failures-alarms")],
  });
  expect(only(graph, "aws:sqs/queue:Queue", "failures-lost").inputs.messageRetentionSeconds).toBe(1_209_600);
});
