import { DeadLetters } from "../../../components/dead-letters";
import { LambdaFunction } from "../../../components/function";
import { type FanOutOptions, Topic } from "../../../components/topic";
import { evaluate, granted, only, type Registered } from "../program";

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const nothing = async () => {};
const deploy = (options?: FanOutOptions) =>
  evaluate(() => {
    const deadLetters = new DeadLetters("failures");
    const topic = new Topic("news", { deadLetters, functions: { memoryMb: 512, timeoutSeconds: 20 } });
    topic.fanOut("mail", nothing, options);
    return {};
  });

const subscriptionOf = (graph: { resources: Registered[] }) =>
  only(graph, "aws:sns/topicSubscription:TopicSubscription", "news-mail-subscription").inputs;
const allowedTo = (graph: { resources: Registered[] }, queue: string) =>
  JSON.parse(
    String(only(graph, "aws:sqs/queuePolicy:QueuePolicy", `${queue}-policy`).inputs.policy),
  ).Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
const fromNews = (queue: string) => ({
  Effect: "Allow",
  Principal: { Service: "sns.amazonaws.com" },
  Action: ["sqs:SendMessage"],
  Resource: arn("sqs", queue),
  Condition: { ArnEquals: { "aws:SourceArn": arn("sns", "news") } },
});

test("delivers messages as they were published, and what it cannot deliver to the queue's dead letters", async () => {
  const graph = await deploy();

  expect(subscriptionOf(graph)).toMatchObject({
    topic: arn("sns", "news"),
    protocol: "sqs",
    endpoint: arn("sqs", "news-mail"),
    rawMessageDelivery: true,
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "news-mail-failed") }),
  });
  expect(allowedTo(graph, "news-mail")).toEqual([fromNews("news-mail")]);
  expect(allowedTo(graph, "news-mail-failed")).toContainEqual(fromNews("news-mail-failed"));
});

test("a queue gets all messages, or those that its filter lets through", async () => {
  const filtered = subscriptionOf(await deploy({ filter: { topic: ["sport", "weather"] } }));

  expect(subscriptionOf(await deploy())).not.toHaveProperty("filterPolicy");
  expect(JSON.parse(String(filtered.filterPolicy))).toEqual({ topic: ["sport", "weather"] });
});

test("a queue has options of its own over the topic's", async () => {
  const graph = await deploy({ retries: 0, maximumConcurrency: 4, function: { timeoutSeconds: 30 } });

  expect(only(graph, "aws:lambda/function:Function", "news-mail").inputs).toMatchObject({
    memorySize: 512,
    timeout: 30,
  });
  expect(only(graph, "aws:sqs/queue:Queue", "news-mail").inputs.visibilityTimeoutSeconds).toBe(180);
  expect(
    only(graph, "aws:lambda/eventSourceMapping:EventSourceMapping", "news-mail-messages").inputs,
  ).toMatchObject({ scalingConfig: { maximumConcurrency: 4 } });
});

test("who publishes may do that on the topic, and nothing else; services may not publish", async () => {
  const graph = await evaluate(() => {
    const topic = new Topic("news", { deadLetters: new DeadLetters("failures") });
    new LambdaFunction("write", { handler: async () => topic.sdk.Publish({ Message: "rain" }) });
    return {};
  });

  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "write-policy"))).toEqual({
    "sns:Publish": arn("sns", "news"),
  });
  expect(only(graph, "aws:lambda/function:Function", "write").inputs.environment).toEqual({
    variables: { NEWS_TOPIC_ARN: arn("sns", "news") },
  });
  const { inputs } = only(graph, "aws:sns/topicPolicy:TopicPolicy", "news-policy");
  expect(JSON.parse(String(inputs.policy)).Statement).toEqual([
    {
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: [arn("sns", "news")],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});
