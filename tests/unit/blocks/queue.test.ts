import { DeadLetters } from "../../../components/dead-letters";
import { Queue, type QueueArgs } from "../../../components/queue";
import { evaluate, granted, only } from "../program";

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;
const nothing = async () => {};
const jobs = (args: Partial<QueueArgs> = {}) =>
  new Queue("jobs", { deadLetters: new DeadLetters("failures"), handler: nothing, ...args });
const deploy = (args: Partial<QueueArgs> = {}) =>
  evaluate(() => {
    jobs(args);
    return {};
  });
const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";

test("hides a message for six times as long as its function may take, and for the batching window", async () => {
  const queueOf = async (args: Partial<QueueArgs>) =>
    only(await deploy(args), "aws:sqs/queue:Queue", "jobs").inputs;

  expect(await queueOf({})).toMatchObject({ visibilityTimeoutSeconds: 60, sqsManagedSseEnabled: true });
  expect(await queueOf({ function: { timeoutSeconds: 120 } })).toMatchObject({
    visibilityTimeoutSeconds: 720,
  });
  expect(await queueOf({ function: { timeoutSeconds: 20 }, maximumBatchingWindowSeconds: 30 })).toMatchObject(
    { visibilityTimeoutSeconds: 150 },
  );
});

test("keeps messages for four days or as long as asked, and dead letters for fourteen", async () => {
  const seconds = async (name: string, args: Partial<QueueArgs> = {}) =>
    only(await deploy(args), "aws:sqs/queue:Queue", name).inputs.messageRetentionSeconds;

  expect(await seconds("jobs")).toBe(4 * 86_400);
  expect(await seconds("jobs", { retentionDays: 1 })).toBe(86_400);
  expect(await seconds("jobs-failed", { retentionDays: 1 })).toBe(14 * 86_400);
});

test("a batch handler's function is called with batches of hundreds", async () => {
  const batch = async () => ({ batchItemFailures: [] });
  const graph = await deploy({ handler: { batch }, batchSize: 500, maximumBatchingWindowSeconds: 5 });

  expect(only(graph, mapping, "jobs-messages").inputs).toMatchObject({
    batchSize: 500,
    maximumBatchingWindowInSeconds: 5,
    functionResponseTypes: ["ReportBatchItemFailures"],
  });
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "jobs-policy"))).toMatchObject({
    "sqs:ChangeMessageVisibility": arn("sqs", "jobs"),
  });
});

test("batches that Lambda gathers only within a window are refused without one", async () => {
  await expect(deploy({ batchSize: 11 })).rejects.toThrow(
    "jobs: batchSize is 11 and maximumBatchingWindowSeconds is 0; Lambda gathers more than 10 messages only " +
      "within a window: set maximumBatchingWindowSeconds to 1 or more",
  );
  await expect(deploy({ batchSize: 10 })).resolves.toBeDefined();
  await expect(deploy({ batchSize: 11, maximumBatchingWindowSeconds: 1 })).resolves.toBeDefined();
});

test.each([
  [undefined, 3],
  [0, 1],
  [2, 3],
])(
  "with %p retries a message is tried %p times, then it goes to the dead letters",
  async (retries, times) => {
    const { inputs } = only(await deploy({ retries }), "aws:sqs/queue:Queue", "jobs");

    expect(JSON.parse(String(inputs.redrivePolicy))).toEqual({
      deadLetterTargetArn: arn("sqs", "jobs-failed"),
      maxReceiveCount: times,
    });
  },
);

test("its function is called with few messages at once and answers those that failed", async () => {
  const byDefault = only(await deploy(), mapping, "jobs-messages").inputs;
  const asAsked = only(await deploy({ batchSize: 10, maximumConcurrency: 5 }), mapping, "jobs-messages");

  expect(byDefault).toMatchObject({
    eventSourceArn: arn("sqs", "jobs"),
    functionName: arn("lambda", "jobs"),
    batchSize: 1,
    functionResponseTypes: ["ReportBatchItemFailures"],
  });
  expect(byDefault).not.toHaveProperty("scalingConfig");
  expect(asAsked.inputs).toMatchObject({ batchSize: 10, scalingConfig: { maximumConcurrency: 5 } });
});

test("its function may take messages and postpone them, and do what its handler calls", async () => {
  const graph = await evaluate(() => {
    const deadLetters = new DeadLetters("failures");
    const mails = new Queue("mails", { deadLetters, handler: nothing });
    new Queue("jobs", { deadLetters, handler: async () => mails.sdk.SendMessage({ MessageBody: "done" }) });
    return {};
  });

  const own = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map(
    (action) => [`sqs:${action}`, arn("sqs", "jobs")],
  );
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "jobs-policy"))).toEqual({
    ...Object.fromEntries(own),
    "sqs:SendMessage": arn("sqs", "mails"),
  });
  expect(only(graph, "aws:lambda/function:Function", "jobs").inputs.environment).toEqual({
    variables: {
      JOBS_QUEUE_URL: "https://sqs.example/jobs",
      MAILS_QUEUE_URL: "https://sqs.example/mails",
    },
  });
});

test("of services, only the senders named may fill it and its dead letters", async () => {
  const sourceArn = arn("sns", "news");
  const graph = await deploy({ senders: [{ service: "sns.amazonaws.com", sourceArn }] });

  const fromNews = (queue: string) => ({
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: ["sqs:SendMessage"],
    Resource: arn("sqs", queue),
    Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
  });
  const allowed = (name: string) =>
    JSON.parse(
      String(only(graph, "aws:sqs/queuePolicy:QueuePolicy", `${name}-policy`).inputs.policy),
    ).Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
  expect(allowed("jobs")).toEqual([fromNews("jobs")]);
  expect(allowed("jobs-failed")).toContainEqual(fromNews("jobs-failed"));
});

test.each([
  ["retries", { retries: 1000 }],
  ["retries", { retries: -1 }],
  ["batchSize", { batchSize: 0 }],
  ["batchSize", { batchSize: 10_001, maximumBatchingWindowSeconds: 1 }],
  ["maximumBatchingWindowSeconds", { maximumBatchingWindowSeconds: 301 }],
  ["maximumBatchingWindowSeconds", { maximumBatchingWindowSeconds: -1 }],
  ["retentionDays", { retentionDays: 0 }],
  ["retentionDays", { retentionDays: 15 }],
  ["maximumConcurrency", { maximumConcurrency: 1 }],
  ["maximumConcurrency", { maximumConcurrency: 1001 }],
])("%s out of its range is refused by name: %j", async (argument, args) => {
  await expect(deploy(args)).rejects.toThrow(
    new RegExp(`^jobs: ${argument} is .*must be a whole number from`),
  );
});
