import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { asset } from "@pulumi/pulumi";
import { cognito } from "../../local/aws/cognito";
import { iam } from "../../local/aws/iam";
import { lambda } from "../../local/aws/lambda";
import { sesv2 } from "../../local/aws/sesv2";
import { sfn } from "../../local/aws/sfn";
import { sqs } from "../../local/aws/sqs";
import type { Inputs } from "../../local/engine/resource";
import { eventually, Stack } from "./aws/stack";

let stack: Stack;
let made = 0;

beforeAll(async () => {
  stack = await Stack.start(cognito, iam, lambda, sesv2, sfn, sqs);
});

afterAll(() => stack.stop());

const nextName = (kind: string) => `${kind}-${++made}`;

async function createRole(action: string, resource: string): Promise<string> {
  const Statement = [{ Effect: "Allow", Action: action, Resource: resource }];
  const role = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", {
    name: nextName("role"),
    assumeRolePolicy: "{}",
    inlinePolicies: [{ name: "may", policy: JSON.stringify({ Version: "2012-10-17", Statement }) }],
  });
  return String(role.outputs.arn);
}

/** A function of this handler, an expression, with a role that may do nothing unless another is given. */
async function createFunction(handler: string, more: Partial<Inputs<aws.lambda.FunctionArgs>> = {}) {
  const { outputs } = await stack.create<aws.lambda.FunctionArgs>("aws:lambda/function:Function", {
    name: nextName("function"),
    code: new asset.AssetArchive({ "index.js": new asset.StringAsset(`exports.handler = ${handler};`) }),
    handler: "index.handler",
    role: await createRole("sts:GetCallerIdentity", "*"),
    runtime: "nodejs20.x",
    ...more,
  });
  return { name: String(outputs.name), arn: String(outputs.arn) };
}

async function invoke(FunctionName: string) {
  const { FunctionError, Payload } = await stack.cloud
    .client(LambdaClient)
    .send(new InvokeCommand({ FunctionName }));
  return { FunctionError, answer: JSON.parse(Payload?.transformToString() ?? "") };
}

/** A client with the credentials that a function of this right has. */
async function clientWith<C>(type: new (config: object) => C, action: string, resource: string): Promise<C> {
  const { name } = await createFunction("async () => process.env", {
    role: await createRole(action, resource),
  });
  const { answer } = await invoke(name);
  return new type({
    endpoint: stack.endpoint,
    region: stack.cloud.region,
    credentials: {
      accessKeyId: answer.AWS_ACCESS_KEY_ID,
      secretAccessKey: answer.AWS_SECRET_ACCESS_KEY,
      sessionToken: answer.AWS_SESSION_TOKEN,
    },
  });
}

const throwing = (name: string, message: string) =>
  `async () => { throw Object.assign(new Error("${message}"), { name: "${name}" }); }`;

async function createQueue() {
  const queue = await stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", { name: nextName("queue") });
  const receive = new ReceiveMessageCommand({ QueueUrl: queue.id, WaitTimeSeconds: 1 });
  return {
    arn: String(queue.outputs.arn),
    url: queue.id,
    next: () =>
      eventually(async () => {
        const { Messages: [message] = [] } = await stack.cloud.client(SQSClient).send(receive);
        return message && JSON.parse(message.Body ?? "");
      }),
  };
}

/** Starts a state machine of these states, the first of which is `Try`. */
async function start(States: object) {
  const machine = await stack.create<aws.sfn.StateMachineArgs>("aws:sfn/stateMachine:StateMachine", {
    name: nextName("machine"),
    definition: JSON.stringify({ StartAt: "Try", States }),
    roleArn: await createRole("lambda:InvokeFunction", "*"),
  });
  const client = stack.cloud.client(SFNClient);
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: machine.id }));
  const ended = () =>
    eventually(async () => {
      const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === "RUNNING" ? undefined : execution;
    });
  return { machineArn: machine.id, executionArn, ended };
}

/** Where the named errors of `Try` lead to; any other fails the execution. */
const caught = (...ErrorEquals: string[]) => ({ Catch: [{ ErrorEquals, Next: "Caught" }], Next: "Done" });
const ends = { Caught: { Type: "Pass", Result: "caught", End: true }, Done: { Type: "Succeed" } };

const waiting = (FunctionName: string) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Parameters: { FunctionName, Payload: { "token.$": "$$.Task.Token" } },
});

/** Sends its token to a queue. */
const asking = (QueueUrl: string) => ({
  Type: "Task",
  Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
  Parameters: { QueueUrl, MessageBody: { "token.$": "$$.Task.Token" } },
});

describe("what a function throws", () => {
  test.each([
    ["by name", throwing("Busy", "later"), { errorType: "Busy", errorMessage: "later" }],
    [
      "at once",
      '(event, context, done) => { throw new RangeError("far"); }',
      { errorType: "RangeError", errorMessage: "far" },
    ],
    [
      "through the callback",
      '(event, context, done) => done(new TypeError("odd"))',
      { errorType: "TypeError", errorMessage: "odd" },
    ],
    ["without a name", throwing("", "plain"), { errorType: "Error", errorMessage: "plain" }],
    ["as a text", 'async () => { throw "words"; }', { errorType: "string", errorMessage: "words" }],
  ])("%s is told to the caller", async (_, handler, expected) => {
    const { name } = await createFunction(handler);

    const { FunctionError, answer } = await invoke(name);

    expect(FunctionError).toBe("Unhandled");
    expect(answer).toEqual({ ...expected, trace: expect.any(Array) });
  });

  test("has its stack with it", async () => {
    const { name } = await createFunction(throwing("Busy", "later"));

    const { answer } = await invoke(name);

    expect(answer.trace[0]).toMatch(/^\w+: later$/);
    expect(answer.trace[1]).toMatch(/index\.js/);
  });

  test("is another thing than a timeout", async () => {
    const { name } = await createFunction("() => new Promise(() => {})", { timeout: 1 });

    const { answer } = await invoke(name);

    expect(answer).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringContaining("timed out"),
    });
  });

  test("goes to the destination of an event that failed", async () => {
    const { name } = await createFunction(throwing("Busy", "later"));
    const queue = await createQueue();
    await stack.create<aws.lambda.FunctionEventInvokeConfigArgs>(
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      {
        functionName: name,
        destinationConfig: { onFailure: { destination: queue.arn } },
        maximumRetryAttempts: 0,
      },
    );

    const event = new InvokeCommand({ FunctionName: name, InvocationType: "Event" });
    await stack.cloud.client(LambdaClient).send(event);

    expect(await queue.next()).toMatchObject({
      responsePayload: { errorType: "Busy", errorMessage: "later" },
    });
  });

  test.each([
    ["Busy", { status: "SUCCEEDED", output: '"caught"' }, 2],
    ["Other", { status: "FAILED", error: "Other" }, 1],
  ])("is retried and caught by its name: %s", async (name, expected, attempts) => {
    const { arn } = await createFunction(throwing(name, "later"));
    const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 1, MaxAttempts: 1 }];

    const { ended, executionArn } = await start({
      Try: { Type: "Task", Resource: arn, Retry, ...caught("Busy") },
      ...ends,
    });
    const execution = await ended();

    const { events } = await stack.cloud
      .client(SFNClient)
      .send(new GetExecutionHistoryCommand({ executionArn }));
    expect(execution).toMatchObject(expected);
    expect(events?.filter(({ type }) => type === "TaskFailed")).toHaveLength(attempts);
  });
});

describe("a task that waits for its token", () => {
  test("fails with its function", async () => {
    const { name } = await createFunction(throwing("Refused", "no such list"));

    const { ended } = await start({ Try: { ...waiting(name), ...caught("Refused") }, ...ends });

    expect(await ended()).toMatchObject({ output: '"caught"' });
  });

  test("fails without a heartbeat, and only then", async () => {
    const queue = await createQueue();
    const { ended, executionArn } = await start({
      Try: { ...asking(queue.url), HeartbeatSeconds: 2, ...caught("States.HeartbeatTimeout") },
      ...ends,
    });
    const { token: taskToken } = await queue.next();
    const client = stack.cloud.client(SFNClient);
    const begun = Date.now();
    let status: string | undefined = "RUNNING";

    while (Date.now() < begun + 3000 && status === "RUNNING") {
      await client.send(new SendTaskHeartbeatCommand({ taskToken }));
      ({ status } = await client.send(new DescribeExecutionCommand({ executionArn })));
    }
    const last = await ended();

    expect(status).toBe("RUNNING");
    expect(last).toMatchObject({ output: '"caught"' });
  });
});

describe("a right on a state machine", () => {
  test("is one on the tasks of its executions, and no others", async () => {
    // Prepare
    const queue = await createQueue();
    const one = await start({ Try: { ...asking(queue.url), Next: "Done" }, ...ends });
    const { token: ofOne } = await queue.next();
    await start({ Try: { ...asking(queue.url), Next: "Done" }, ...ends });
    const { token: ofOther } = await queue.next();
    const client = await clientWith(SFNClient, "states:SendTask*", one.machineArn);

    // Act
    const beat = client.send(new SendTaskHeartbeatCommand({ taskToken: ofOne }));
    const success = await client.send(new SendTaskSuccessCommand({ taskToken: ofOne, output: '"done"' }));
    const execution = await one.ended();
    const late = client.send(new SendTaskSuccessCommand({ taskToken: ofOne, output: "1" }));
    const others = [
      client.send(new SendTaskHeartbeatCommand({ taskToken: ofOther })),
      client.send(new SendTaskSuccessCommand({ taskToken: ofOther, output: "1" })),
      client.send(new SendTaskFailureCommand({ taskToken: ofOther })),
    ];

    // Assess
    await expect(beat).resolves.toBeDefined();
    expect(success).toBeDefined();
    expect(execution).toMatchObject({ output: '"done"' });
    await expect(late).rejects.toThrow(expect.objectContaining({ name: "TaskDoesNotExist" }));
    for (const denied of others) {
      await expect(denied).rejects.toThrow(expect.objectContaining({ name: "AccessDeniedException" }));
    }
  });
});

describe("a right to send mail", () => {
  beforeAll(async () => {
    for (const emailIdentity of ["gallery.example", "post@gallery.example"]) {
      await stack.create<aws.sesv2.EmailIdentityArgs>("aws:sesv2/emailIdentity:EmailIdentity", {
        emailIdentity,
      });
    }
  });

  test.each([
    ["gallery.example", "hello@gallery.example", "may"],
    ["gallery.example", "Gallery <hello@Gallery.example>", "may"],
    ["gallery.example", '"Gallery, the" <hello@mail.gallery.example>', "may"],
    ["post@gallery.example", "Gallery <post@gallery.example>", "may"],
    ["other.example", "Gallery <hello@gallery.example>", "may not"],
    ["post@gallery.example", "hello@gallery.example", "may not"],
    ["gallery.example", "post@gallery.example", "may not"],
  ])("on %s: from %s it %s", async (identity, FromEmailAddress, verdict) => {
    const arn = `arn:aws:ses:${stack.cloud.region}:${stack.cloud.account}:identity/${identity}`;
    const client = await clientWith(SESv2Client, "ses:SendEmail", arn);

    const sent = client.send(
      new SendEmailCommand({
        FromEmailAddress,
        Destination: { ToAddresses: ["ada@example.org"] },
        Content: { Simple: { Subject: { Data: "Hello" }, Body: { Text: { Data: "Welcome" } } } },
      }),
    );

    if (verdict === "may") await expect(sent).resolves.toMatchObject({ MessageId: expect.any(String) });
    else await expect(sent).rejects.toThrow(expect.objectContaining({ name: "AccessDeniedException" }));
  });
});

describe("what a user pool's trigger throws", () => {
  const credentials = { username: "ada", password: "Anything-1" };

  /** Signs up and in, at a pool whose triggers are these handlers. */
  async function signIn(handlers: Partial<Record<"preSignUp" | "preTokenGeneration", string>>) {
    const made = Object.entries(handlers).map(async ([trigger, handler]) => {
      const { arn } = await createFunction(handler);
      return [trigger, arn] as const;
    });
    const pool = await stack.create<aws.cognito.UserPoolArgs>("aws:cognito/userPool:UserPool", {
      name: nextName("pool"),
      lambdaConfig: Object.fromEntries(await Promise.all(made)),
    });
    const app = await stack.create<aws.cognito.UserPoolClientArgs>(
      "aws:cognito/userPoolClient:UserPoolClient",
      { name: "app", userPoolId: pool.id, explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
    );
    const client = stack.cloud.client(CognitoIdentityProviderClient);
    const { username: Username, password: Password } = credentials;
    await client.send(new SignUpCommand({ ClientId: app.id, Username, Password }));
    return client.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: Username, PASSWORD: Password },
        ClientId: app.id,
      }),
    );
  }

  const confirming = "async (event) => ({ ...event, response: { autoConfirmUser: true } })";
  const refusal = (trigger: string) =>
    expect.objectContaining({
      name: "UserLambdaValidationException",
      message: `${trigger} failed with error not you.`,
      $metadata: expect.objectContaining({ httpStatusCode: 400 }),
    });

  test("before a token refuses the token", async () => {
    const signedIn = signIn({ preSignUp: confirming, preTokenGeneration: throwing("Refused", "not you") });

    await expect(signedIn).rejects.toThrow(refusal("PreTokenGeneration"));
  });

  test("before a sign-up refuses the user", async () => {
    const signedIn = signIn({ preSignUp: throwing("Refused", "not you") });

    await expect(signedIn).rejects.toThrow(refusal("PreSignUp"));
  });

  test("is nothing where it throws nothing", async () => {
    const { AuthenticationResult } = await signIn({
      preSignUp: confirming,
      preTokenGeneration: "async (event) => event",
    });

    expect(AuthenticationResult?.IdToken).toMatch(/./);
  });
});
