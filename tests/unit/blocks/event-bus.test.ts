import * as fc from "fast-check";
import * as z from "zod";
import { DeadLetters } from "../../../components/dead-letters";
import { EventBus, type EventBusArgs, type EventPattern, patternOf } from "../../../components/event-bus";
import { entryOf, eventContract } from "../../../components/event-contract";
import { evaluate, granted, only } from "../program";

const ordered = eventContract("shop", "order.placed", () => z.object({ total: z.number() }));
const cancelled = eventContract("shop", "order.cancelled", () => z.object({ reason: z.string() }));
const nothing = async () => {};
const shopBus = (args: Partial<EventBusArgs> = {}) =>
  new EventBus("bus", { deadLetters: new DeadLetters("failures"), ...args });

const queue = "arn:aws:sqs:eu-west-1:123456789012:bus-bill-failed";
const topic = "arn:aws:sns:eu-west-1:123456789012:bus-bill-failed";
const rule = "arn:aws:cloudwatch:eu-west-1:123456789012:bus-bill-rule";

test("keeps its events in an archive", async () => {
  const graph = await evaluate(() => {
    shopBus({ archiveDays: 7 });
    return {};
  });

  expect(only(graph, "aws:cloudwatch/eventArchive:EventArchive", "bus-archive").inputs.retentionDays).toBe(7);
});

test("a subscriber to a contract gets its events by source, type and detail", async () => {
  const graph = await evaluate(() => {
    shopBus().on("bill", ordered, nothing, { detail: { total: [{ numeric: [">", 100] }] } });
    return {};
  });

  const { inputs } = only(graph, "aws:cloudwatch/eventRule:EventRule", "bus-bill-rule");
  expect(JSON.parse(String(inputs.eventPattern))).toEqual({
    source: ["shop"],
    "detail-type": ["order.placed"],
    detail: { total: [{ numeric: [">", 100] }] },
  });
});

test("a subscriber to several contracts gets the events of each, by one rule", async () => {
  const graph = await evaluate(() => {
    shopBus().on("bill", [ordered, cancelled], nothing);
    return {};
  });

  const { inputs } = only(graph, "aws:cloudwatch/eventRule:EventRule", "bus-bill-rule");
  expect(JSON.parse(String(inputs.eventPattern))).toEqual({
    source: ["shop"],
    "detail-type": ["order.placed", "order.cancelled"],
  });
});

test("contracts of several sources make one rule of several patterns, which the detail must match beside", async () => {
  const paid = eventContract("bank", "order.paid", () => z.object({ total: z.number() }));
  const graph = await evaluate(() => {
    shopBus().on("bill", [ordered, paid, cancelled], nothing, { detail: { total: [5] } });
    return {};
  });

  const { inputs } = only(graph, "aws:cloudwatch/eventRule:EventRule", "bus-bill-rule");
  expect(JSON.parse(String(inputs.eventPattern))).toEqual({
    $or: [
      { source: ["shop"], "detail-type": ["order.placed", "order.cancelled"] },
      { source: ["bank"], "detail-type": ["order.paid"] },
    ],
    detail: { total: [5] },
  });
});

test("whatever the contracts, their events match and no type of one source from another does", () => {
  const sources = ["a", "b", "c"];
  const types = ["x", "y", "z"];
  const pairs = sources.flatMap((source) => types.map((type) => ({ source, type })));
  const matches = (pattern: EventPattern, source: string, type: string): boolean =>
    pattern.$or?.some((one) => matches(one, source, type)) ??
    Boolean(pattern.source?.includes(source) && pattern["detail-type"]?.includes(type));

  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pairs), { minLength: 1 }), (selected) => {
      const pattern = patternOf(
        selected.map(({ source, type }) => eventContract(source, type, () => z.unknown())),
      );

      const isSelected = (pair: object) => selected.some((one) => one === pair);
      expect(pairs.filter(({ source, type }) => matches(pattern, source, type))).toEqual(
        pairs.filter(isSelected),
      );
      expect(pattern.$or?.length).not.toBe(1);
    }),
  );
});

test("what a subscriber fails to process goes to the topic of its dead letters, and it may do no more there", async () => {
  const graph = await evaluate(() => {
    shopBus().on("bill", ordered, nothing);
    return {};
  });

  expect(
    only(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "bus-bill-invoke").inputs
      .destinationConfig,
  ).toEqual({ onFailure: { destination: topic } });
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "bus-bill-policy"))).toEqual({
    "sns:Publish": topic,
  });
});

test("the rule alone may call the subscriber and, beside the topic of its dead letters, fill their queue", async () => {
  const graph = await evaluate(() => {
    shopBus().on("bill", { source: ["shop"] }, nothing, { retries: 1 });
    return {};
  });

  expect(only(graph, "aws:lambda/permission:Permission", "bus-bill-permission").inputs).toMatchObject({
    principal: "events.amazonaws.com",
    sourceArn: rule,
  });
  expect(only(graph, "aws:cloudwatch/eventTarget:EventTarget", "bus-bill-target").inputs).toMatchObject({
    deadLetterConfig: { arn: queue },
    retryPolicy: { maximumRetryAttempts: 1 },
  });
  const policy = only(graph, "aws:sqs/queuePolicy:QueuePolicy", "bus-bill-failed-policy");
  const [tls, ...allowed] = JSON.parse(String(policy.inputs.policy)).Statement;
  expect(tls).toMatchObject({
    Effect: "Deny",
    Principal: "*",
    Action: ["sqs:*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  expect(allowed).toEqual([
    {
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: queue,
      Principal: { Service: "sns.amazonaws.com" },
      Condition: { ArnEquals: { "aws:SourceArn": topic } },
    },
    {
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: queue,
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnEquals: { "aws:SourceArn": rule } },
    },
  ]);
});

test("a schedule calls its function in a role that may do just that, in its time zone", async () => {
  const graph = await evaluate(() => {
    shopBus().schedule("bill", "cron(0 3 * * ? *)", nothing, {
      timeZone: "Europe/Berlin",
      flexibleWindowMinutes: 15,
    });
    return {};
  });

  expect(only(graph, "aws:scheduler/schedule:Schedule", "bus-bill-schedule").inputs).toMatchObject({
    scheduleExpression: "cron(0 3 * * ? *)",
    scheduleExpressionTimezone: "Europe/Berlin",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
    target: { deadLetterConfig: { arn: queue } },
  });
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "bus-bill-scheduler-policy"))).toEqual({
    "lambda:InvokeFunction": "arn:aws:lambda:eu-west-1:123456789012:bus-bill",
    "sqs:SendMessage": queue,
  });
});

test("the schedules of the bus's own account alone may take a schedule's role", async () => {
  const graph = await evaluate(() => {
    shopBus().schedule("bill", "rate(1 hour)", nothing);
    return {};
  });

  const role = only(graph, "aws:iam/role:Role", "bus-bill-scheduler-role");
  expect(JSON.parse(String(role.inputs.assumeRolePolicy)).Statement).toEqual([
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "scheduler.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnEquals: { "aws:SourceArn": "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/default" },
      },
    },
  ]);
});

test.each([
  ["bus: archiveDays is -1", () => shopBus({ archiveDays: -1 })],
  ["bus: archiveDays is 1.5", () => shopBus({ archiveDays: 1.5 })],
  ["bus-bill: retries is 3", () => shopBus().on("bill", {}, nothing, { retries: 3 })],
  [
    "bus-bill: maximumEventAgeSeconds is 59",
    () => shopBus().on("bill", {}, nothing, { maximumEventAgeSeconds: 59 }),
  ],
  [
    "bus-bill: flexibleWindowMinutes is 0",
    () => shopBus().schedule("bill", "rate(1 hour)", nothing, { flexibleWindowMinutes: 0 }),
  ],
])("%s: refused, out of AWS's range", async (message, make) => {
  const attempt = evaluate(() => {
    make();
    return {};
  });

  await expect(attempt).rejects.toThrow(`${message}; it must be a whole number`);
});

test("an entry is made of a contract, and not of a detail that breaks it", () => {
  expect(entryOf(ordered, { total: 5 })).toEqual({
    Source: "shop",
    DetailType: "order.placed",
    Detail: '{"total":5}',
    Time: undefined,
  });
  expect(() => entryOf(ordered, { total: "5" } as never)).toThrow(/total/);
});
