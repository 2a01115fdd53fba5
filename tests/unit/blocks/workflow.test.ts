import { DeadLetters } from "../../../components/dead-letters";
import { type FunctionOptions, LambdaFunction } from "../../../components/function";
import { OutOfRange } from "../../../components/range";
import type { StatesClient } from "../../../components/sdk/states";
import {
  choice,
  fail,
  type State,
  succeed,
  task,
  taskWithToken,
  transientErrors,
  Workflow,
  wait,
} from "../../../components/workflow";
import { EmptyChoice, InvalidStateName, LateHeartbeat } from "../../../components/workflow/check";
import { InvalidField } from "../../../components/workflow/data";
import { InvalidErrorNames } from "../../../components/workflow/errors";
import type { TokenTaskOptions } from "../../../components/workflow/state";
import { evaluate, granted, only, type Registered } from "../program";

const handler = async () => ({ id: 1 });
const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}`;

/** A workflow that goes through one state, then ends. */
const through = (
  first: State<"first" | "done">,
  more: { functions?: FunctionOptions; timeoutSeconds?: number } = {},
) =>
  evaluate(() => {
    new Workflow("send", {
      deadLetters: new DeadLetters("failures"),
      timeoutSeconds: 3600,
      startAt: "first",
      states: { first, done: succeed() },
      ...more,
    });
    return {};
  });

type Graph = { resources: Registered[] };
const definition = (graph: Graph) =>
  JSON.parse(String(only(graph, "aws:sfn/stateMachine:StateMachine", "send").inputs.definition));
const firstState = (graph: Graph) => definition(graph).States.first;
const statements = (graph: Graph, policy: string) =>
  JSON.parse(String(only(graph, "aws:iam/rolePolicy:RolePolicy", policy).inputs.policy)).Statement;

const transientRetry = {
  ErrorEquals: [...transientErrors],
  MaxAttempts: 6,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

describe("the definition", () => {
  test("is a standard machine in JSONata that starts and times out as told", async () => {
    const graph = await through(wait({ seconds: 5, next: "done" }));

    expect(only(graph, "aws:sfn/stateMachine:StateMachine", "send").inputs.type).toBe("STANDARD");
    expect(definition(graph)).toEqual({
      QueryLanguage: "JSONata",
      StartAt: "first",
      TimeoutSeconds: 3600,
      States: { first: { Type: "Wait", Seconds: 5, Next: "done" }, done: { Type: "Succeed" } },
    });
  });

  test("a task calls its function with the data, which the result replaces", async () => {
    const graph = await through(task(handler, { next: "done" }));

    expect(firstState(graph)).toEqual({
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: arnOf("lambda", "send-first"), Payload: "{% $states.input %}" },
      Output: "{% $states.result.Payload %}",
      TimeoutSeconds: 25,
      Retry: [transientRetry],
      Next: "done",
    });
  });

  test("a token task hands on what was sent with its token, and waits as long as the workflow may take", async () => {
    const graph = await through(taskWithToken(handler, { next: "done", heartbeatSeconds: 900 }));

    expect(firstState(graph)).toEqual({
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: {
        FunctionName: arnOf("lambda", "send-first"),
        Payload: { token: "{% $states.context.Task.Token %}", input: "{% $states.input %}" },
      },
      Output: "{% $states.result %}",
      HeartbeatSeconds: 900,
      Retry: [transientRetry],
      Next: "done",
    });
  });

  test.each([
    [{ result: "mail" }, '{% $merge([$states.input, {"mail": $states.result.Payload}]) %}'],
    [{ result: null }, "{% $states.input %}"],
  ])("a result stands beside the data, or is dropped: %j", async (options, output) => {
    const graph = await through(task(handler, { next: "done", ...options }));

    expect(firstState(graph).Output).toBe(output);
  });

  test("a task has time for its function's timeout and start, or what it is given", async () => {
    const seconds = async (own: object, functions?: FunctionOptions) =>
      firstState(await through(task(handler, { next: "done", ...own }), { functions })).TimeoutSeconds;

    expect(await seconds({}, { timeoutSeconds: 60 })).toBe(75);
    expect(await seconds({ function: { timeoutSeconds: 30 } }, { timeoutSeconds: 60 })).toBe(45);
    expect(await seconds({ timeoutSeconds: 20 }, { timeoutSeconds: 60 })).toBe(20);
  });

  test("retries and catches are written out", async () => {
    const graph = await through(
      task(handler, {
        next: "done",
        retry: [
          {
            errors: ["MailUnavailable"],
            attempts: 5,
            intervalSeconds: 3,
            backoffRate: 1.5,
            maximumDelaySeconds: 60,
            jitter: true,
          },
          { errors: ["States.ALL"] },
        ],
        catch: [
          { errors: ["MailRefused", "MailLost"], next: "first", result: "error" },
          { errors: ["States.Timeout"], next: "first", result: null },
          { errors: ["States.ALL"], next: "done" },
        ],
      }),
    );

    expect(firstState(graph).Retry).toEqual([
      transientRetry,
      {
        ErrorEquals: ["MailUnavailable"],
        MaxAttempts: 5,
        IntervalSeconds: 3,
        BackoffRate: 1.5,
        MaxDelaySeconds: 60,
        JitterStrategy: "FULL",
      },
      {
        ErrorEquals: ["States.ALL"],
        MaxAttempts: 3,
        IntervalSeconds: 1,
        BackoffRate: 2,
        JitterStrategy: "NONE",
      },
    ]);
    expect(firstState(graph).Catch).toEqual([
      {
        ErrorEquals: ["MailRefused", "MailLost"],
        Output: '{% $merge([$states.input, {"error": $states.errorOutput}]) %}',
        Next: "first",
      },
      { ErrorEquals: ["States.Timeout"], Output: "{% $states.input %}", Next: "first" },
      { ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Next: "done" },
    ]);
  });

  test("who names a transient error has the say on it", async () => {
    const names = async (errors: readonly [string, ...string[]]) =>
      firstState(await through(task(handler, { next: "done", retry: [{ errors, attempts: 0 }] }))).Retry.map(
        ({ ErrorEquals }: { ErrorEquals: string[] }) => ErrorEquals,
      );

    expect(await names(["Lambda.ServiceException"])).toEqual([
      transientErrors.filter((name) => name !== "Lambda.ServiceException"),
      ["Lambda.ServiceException"],
    ]);
    expect(await names(transientErrors)).toEqual([[...transientErrors]]);
  });

  test("a choice compares a field as text", async () => {
    const graph = await through(
      choice({ on: "mail.status", is: { pending: "first", 'a"b': "done", true: "done" }, otherwise: "done" }),
    );

    expect(firstState(graph)).toEqual({
      Type: "Choice",
      Choices: [
        { Condition: '{% $string($states.input.`mail`.`status`) = "pending" %}', Next: "first" },
        { Condition: '{% $string($states.input.`mail`.`status`) = "a\\"b" %}', Next: "done" },
        { Condition: '{% $string($states.input.`mail`.`status`) = "true" %}', Next: "done" },
      ],
      Default: "done",
    });
  });

  test("a pause may be as long as the data says", async () => {
    const graph = await through(wait({ seconds: "mail.retryAfter", next: "done" }));

    expect(firstState(graph).Seconds).toBe("{% $states.input.`mail`.`retryAfter` %}");
  });

  test("an end may be a failure, with its error and cause", async () => {
    const graph = await evaluate(() => {
      new Workflow("send", {
        deadLetters: new DeadLetters("failures"),
        timeoutSeconds: 60,
        startAt: "broken",
        states: { broken: fail({ error: "CampaignBroken", cause: "no mail" }) },
      });
      return {};
    });
    expect(definition(graph).States.broken).toEqual({
      Type: "Fail",
      Error: "CampaignBroken",
      Cause: "no mail",
    });
  });
});

describe("the machine", () => {
  test("runs in a role that may call the tasks' functions, write the log and trace, and no more", async () => {
    const graph = await through(task(handler, { next: "done" }));

    const [invoke, ...rest] = statements(graph, "send-policy");
    expect(invoke).toEqual({
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [arnOf("lambda", "send-first")],
    });
    expect(rest).toEqual([
      {
        Effect: "Allow",
        Action: [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "logs:DescribeLogGroups",
        ],
        Resource: "*",
      },
      {
        Effect: "Allow",
        Action: [
          "xray:PutTraceSegments",
          "xray:PutTelemetryRecords",
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
        ],
        Resource: "*",
      },
    ]);
    expect(only(graph, "aws:sfn/stateMachine:StateMachine", "send").inputs.roleArn).toBe(
      arnOf("iam", "send-role"),
    );
  });

  test("without tasks its role may call no function", async () => {
    const graph = await through(wait({ seconds: 1, next: "done" }));

    expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "send-policy"))).toEqual({});
  });

  test("its role serves state machines of this account and region alone", async () => {
    const graph = await through(task(handler, { next: "done" }));

    const { inputs } = only(graph, "aws:iam/role:Role", "send-role");
    expect(JSON.parse(String(inputs.assumeRolePolicy)).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "states.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": arnOf("states", "stateMachine:*") },
        },
      },
    ]);
  });

  test("logs everything but the data, for a limited time, and is traced", async () => {
    const graph = await through(task(handler, { next: "done" }));

    expect(only(graph, "aws:cloudwatch/logGroup:LogGroup", "send-logs").inputs).toEqual({
      name: "/aws/vendedlogs/states/gallery-test-send",
      retentionInDays: 14,
    });
    expect(only(graph, "aws:sfn/stateMachine:StateMachine", "send").inputs).toMatchObject({
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: false,
        logDestination: `${arnOf("cloudwatch", "send-logs")}:*`,
      },
      tracingConfiguration: { enabled: true },
    });
  });

  test("alarms tell of executions that failed, timed out or were stopped", async () => {
    const graph = await through(task(handler, { next: "done" }));

    const alarms = graph.resources
      .filter(({ type, name }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm" && /^send/.test(name))
      .map(({ name, inputs }) => [name, inputs]);
    const alarm = (metricName: string) =>
      expect.objectContaining({
        namespace: "AWS/States",
        metricName,
        dimensions: { StateMachineArn: arnOf("sfn", "send") },
        statistic: "Sum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: [arnOf("sns", "failures-alarms")],
        okActions: [arnOf("sns", "failures-alarms")],
      });
    expect(Object.fromEntries(alarms)).toEqual({
      "send-failed-alarm": alarm("ExecutionsFailed"),
      "send-timed-out-alarm": alarm("ExecutionsTimedOut"),
      "send-aborted-alarm": alarm("ExecutionsAborted"),
    });
  });

  test("each task has a function of its own, with the workflow's options and its own over them", async () => {
    const graph = await through(
      task(handler, { next: "done", function: { memoryMb: 512 }, environment: { MAIL: "on" } }),
      { functions: { memoryMb: 1024, timeoutSeconds: 20 } },
    );

    expect(only(graph, "aws:lambda/function:Function", "send-first").inputs).toMatchObject({
      memorySize: 512,
      timeout: 20,
      environment: { variables: { MAIL: "on" } },
    });
  });
});

test("a callback may do to the workflow, its tasks and its executions what it calls", async () => {
  const methods = (client: StatesClient) => ({
    start: async () => client.StartExecution({ input: "{}" }),
    webhook: async () => {
      await client.SendTaskSuccess({ taskToken: "t", output: "{}" });
      await client.SendTaskFailure({ taskToken: "t" });
      await client.SendTaskHeartbeat({ taskToken: "t" });
    },
    support: async () => {
      await client.DescribeExecution({ executionArn: "e" });
      await client.StopExecution({ executionArn: "e" });
    },
  });
  const graph = await evaluate(() => {
    const { sdk } = new Workflow("send", {
      deadLetters: new DeadLetters("failures"),
      timeoutSeconds: 60,
      startAt: "done",
      states: { done: succeed() },
    });
    for (const [name, callback] of Object.entries(methods(sdk))) {
      new LambdaFunction<never>(name, { handler: callback });
    }
    return {};
  });

  const rights = (name: string) => granted(only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`));
  const variables = (name: string) => only(graph, "aws:lambda/function:Function", name).inputs.environment;
  const machine = arnOf("sfn", "send");
  expect(rights("start")).toEqual({ "states:StartExecution": machine });
  expect(variables("start")).toEqual({ variables: { SEND_STATE_MACHINE_ARN: machine } });
  expect(rights("webhook")).toEqual({
    "states:SendTaskSuccess": machine,
    "states:SendTaskFailure": machine,
    "states:SendTaskHeartbeat": machine,
  });
  expect(variables("webhook")).toBeUndefined();
  expect(rights("support")).toEqual({
    "states:DescribeExecution": `${machine}:*`,
    "states:StopExecution": `${machine}:*`,
  });
});

describe("is refused before any resource is made", () => {
  const states = (named: Record<string, State>) => () =>
    evaluate(() => {
      new Workflow("send", {
        deadLetters: new DeadLetters("failures"),
        timeoutSeconds: 60,
        startAt: "done",
        states: { done: succeed(), ...named },
      });
      return {};
    });
  const taskOf = (options: Partial<TokenTaskOptions<"first" | "done">>) => () =>
    through(taskWithToken(handler, { ...options, next: "done" }), { timeoutSeconds: 60 });

  test.each([
    [
      "a name",
      states({ "send mail": succeed() }),
      InvalidStateName,
      /a state is named "send mail"; a name is/,
    ],
    ["a long name", states({ ["s".repeat(81)]: succeed() }), InvalidStateName, /1 to 80 letters/],
    [
      "a heartbeat after the timeout",
      taskOf({ heartbeatSeconds: 30, timeoutSeconds: 30 }),
      LateHeartbeat,
      /state first: heartbeatSeconds is 30, but the task is over after 30 s; ask for/,
    ],
    ["a heartbeat after the workflow's", taskOf({ heartbeatSeconds: 90 }), LateHeartbeat, /over after 60 s/],
    ["no heartbeat at all", taskOf({ heartbeatSeconds: 0 }), OutOfRange, /heartbeatSeconds is 0/],
    ["no time", taskOf({ timeoutSeconds: 0 }), OutOfRange, /state first: timeoutSeconds is 0/],
    ["a result's key", taskOf({ result: "mail.id" }), InvalidField, /state first names the field "mail.id"/],
    [
      "a choice's path",
      () => through(choice({ on: "mail..id", is: { a: "done" }, otherwise: "done" })),
      InvalidField,
      /field "mail..id" of the data; a field is letters/,
    ],
    [
      "a choice without values",
      () => through(choice({ on: "mail", is: {}, otherwise: "done" })),
      EmptyChoice,
      /the choice first has no value to compare with; give `is` one/,
    ],
    ["a pause", () => through(wait({ seconds: -1, next: "done" })), OutOfRange, /state first: seconds is -1/],
    [
      "States.ALL beside others",
      taskOf({ retry: [{ errors: ["States.ALL", "MailLost"] }] }),
      InvalidErrorNames,
      /^send: the retry of state first has States.ALL beside or before other errors/,
    ],
    [
      "States.ALL before others",
      taskOf({
        catch: [
          { errors: ["States.ALL"], next: "done" },
          { errors: ["MailLost"], next: "done" },
        ],
      }),
      InvalidErrorNames,
      /^send: the catch of state first has States.ALL/,
    ],
    ["attempts", taskOf({ retry: [{ errors: ["E"], attempts: -1 }] }), OutOfRange, /attempts is -1/],
    [
      "an interval",
      taskOf({ retry: [{ errors: ["E"], intervalSeconds: 0 }] }),
      OutOfRange,
      /intervalSeconds is 0/,
    ],
    [
      "a rate",
      taskOf({ retry: [{ errors: ["E"], backoffRate: 0.5 }] }),
      OutOfRange,
      /backoffRate is 0.5; it must be a number 1 or more/,
    ],
    [
      "a longest pause below the first",
      taskOf({ retry: [{ errors: ["E"], intervalSeconds: 5, maximumDelaySeconds: 5 }] }),
      OutOfRange,
      /retry of state first: maximumDelaySeconds is 5; .* from 6 to/,
    ],
    [
      "a workflow of more than a year",
      () => through(wait({ seconds: 1, next: "done" }), { timeoutSeconds: 31_536_001 }),
      OutOfRange,
      /^send: timeoutSeconds is 31536001/,
    ],
  ])("%s", async (_, attempt, kind, message) => {
    const thrown = await attempt().then(
      () => undefined,
      (error: unknown) => error,
    );

    expect(thrown).toBeInstanceOf(kind);
    expect(thrown).toHaveProperty("message", expect.stringMatching(message));
  });
});
