import { DeadLetters } from "../../../components/dead-letters";
import { LambdaFunction } from "../../../components/function";
import { Table } from "../../../components/table";
import { evaluate, granted, only } from "../program";

const greet = async () => "hello";

async function inputsOf(program: () => void) {
  const graph = await evaluate(() => {
    program();
    return {};
  });
  return only(graph, "aws:lambda/function:Function", "greet").inputs;
}

test("runs as this project's functions do: arm64, explicit memory and timeout, traced, logging JSON", async () => {
  const inputs = await inputsOf(() => new LambdaFunction("greet", { handler: greet }));

  expect(inputs).toMatchObject({
    architectures: ["arm64"],
    runtime: "nodejs24.x",
    handler: "index.handler",
    memorySize: 256,
    timeout: 10,
    tracingConfig: { mode: "Active" },
    loggingConfig: { logFormat: "JSON", logGroup: "/gallery/test/greet" },
  });
});

test("has a role of its own that Lambda alone may take, a log group with retention, no managed policy", async () => {
  const graph = await evaluate(() => {
    new LambdaFunction("greet", { handler: greet, logRetentionDays: 30 });
    return {};
  });

  const role = only(graph, "aws:iam/role:Role", "greet-role");
  expect(JSON.parse(String(role.inputs.assumeRolePolicy)).Statement).toEqual([
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
  ]);
  expect(role.inputs).not.toHaveProperty("managedPolicyArns");
  expect(only(graph, "aws:cloudwatch/logGroup:LogGroup", "greet-logs").inputs.retentionInDays).toBe(30);
  expect(graph.resources.filter(({ type }) => /olicyAttachment/.test(type))).toEqual([]);
});

test("a role whose callback calls nothing allows logs on its own group, and traces, only", async () => {
  const graph = await evaluate(() => {
    new LambdaFunction("greet", { handler: greet });
    return {};
  });

  const { Statement } = JSON.parse(
    String(only(graph, "aws:iam/rolePolicy:RolePolicy", "greet-policy").inputs.policy),
  );
  expect(Statement).toEqual([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:cloudwatch:eu-west-1:123456789012:greet-logs:*",
    },
    { Effect: "Allow", Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource: "*" },
  ]);
});

test("a callback's calls become its role's statements and its environment", async () => {
  const graph = await evaluate(() => {
    const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });
    new LambdaFunction("greet", {
      handler: async () => notes.sdk.DeleteItem({ Key: {} }),
      environment: { GREETING: "hi" },
    });
    return {};
  });

  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "greet-policy"))).toEqual({
    "dynamodb:DeleteItem": "arn:aws:dynamodb:eu-west-1:123456789012:notes",
  });
  const variables = { GREETING: "hi", NOTES_TABLE_NAME: "notes" };
  expect(only(graph, "aws:lambda/function:Function", "greet").inputs.environment).toEqual({ variables });
});

test("invoked asynchronously, it retries and then publishes the event to the topic of its dead letters", async () => {
  const graph = await evaluate(() => {
    const deadLetters = new DeadLetters("failures").path("greet", [], {});
    new LambdaFunction("greet", { handler: greet, asynchronous: { retries: 1, deadLetters } });
    return {};
  });

  const topic = "arn:aws:sns:eu-west-1:123456789012:greet-failed";
  expect(
    only(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "greet-invoke").inputs,
  ).toMatchObject({
    maximumRetryAttempts: 1,
    maximumEventAgeInSeconds: 3600,
    destinationConfig: { onFailure: { destination: topic } },
  });
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "greet-policy"))).toEqual({
    "sns:Publish": topic,
  });
});

test("the last word on its arguments is the caller's", async () => {
  const inputs = await inputsOf(
    () =>
      new LambdaFunction("greet", {
        handler: greet,
        transform: { function: (args) => ({ ...args, reservedConcurrentExecutions: 2 }) },
      }),
  );

  expect(inputs.reservedConcurrentExecutions).toBe(2);
});

test.each([
  ["timeoutSeconds", { timeoutSeconds: 901 }],
  ["timeoutSeconds", { timeoutSeconds: 0.5 }],
  ["memoryMb", { memoryMb: 64 }],
])("a %s out of AWS's range is refused by name", async (what, options) => {
  await expect(
    evaluate(() => {
      new LambdaFunction("greet", { handler: greet, ...options });
      return {};
    }),
  ).rejects.toThrow(new RegExp(`^greet: ${what} is .*must be a whole number from`));
});
