import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;
let dynamodb: DynamoDBClient;
let lambda: LambdaClient;

beforeAll(async () => {
  cloud = await startCloud(["--project", "tests/local/programs/workflow"]);
  const terminal = {
    endpoint: cloud.address,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  dynamodb = new DynamoDBClient(terminal);
  lambda = new LambdaClient(terminal);
});
afterAll(async () => {
  await cloud?.stop();
});

/** Calls one of the program's functions: what it does to the workflow, it does in its own role. */
async function call(name: "start" | "look" | "stop" | "answer", event: unknown) {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: cloud.outputs[`${name}Function`], Payload: JSON.stringify(event) }),
  );
  const text = Payload === undefined ? "null" : Buffer.from(Payload).toString();
  if (FunctionError !== undefined) {
    throw new Error(`${name}: ${text}`);
  }
  return JSON.parse(text);
}

/** How the execution ended, with its output or error. */
async function end(execution: string) {
  const { status, output, error } = await eventually(async () => {
    const seen = await call("look", execution);
    return seen.status === "RUNNING" ? undefined : seen;
  });
  return status === "SUCCEEDED" ? { status, output: JSON.parse(output) } : { status, error };
}

const noted = async (id: string) =>
  (await dynamodb.send(new GetItemCommand({ TableName: cloud.outputs.notesTable, Key: { id: { S: id } } })))
    .Item;

/** The token that the execution of a campaign waits with, once it is another one than before. */
const tokenOf = (id: string, before?: string) =>
  eventually(async () => {
    const token = (await noted(id))?.token?.S;
    return token === before ? undefined : token;
  });

test("a task is tried again by the error's name; one goes on with tokens, round by round, to the end", async () => {
  // Act
  const execution = await call("start", { id: "c1" });
  const first = await tokenOf("c1");
  await call("answer", { token: first, status: "pending" });
  const second = await tokenOf("c1", first);
  await call("answer", { token: second, status: "success" });

  // Assess
  expect(await end(execution)).toEqual({
    status: "SUCCEEDED",
    output: { id: "c1", mail: { attempts: 3 }, answer: { status: "success" } },
  });
});

test("an error is caught by its name, and told beside the data; retries are for others", async () => {
  const execution = await call("start", { id: "c2", error: "MailRefused" });

  const { output } = await end(execution);
  expect(output).toEqual({
    id: "c2",
    error: { Error: "MailRefused", Cause: expect.any(String) },
  });
  expect(JSON.parse(output.error.Cause)).toMatchObject({
    errorType: "MailRefused",
    errorMessage: "no mail for c2",
  });
  expect((await noted("c2"))?.attempts?.N).toBe("1");
});

test("an error that nobody catches ends the execution, when its retries are used up", async () => {
  const unknown = await call("start", { id: "c3", error: "MailLost" });
  const lasting = await call("start", { id: "c4", error: "MailUnavailable" });

  expect(await end(unknown)).toEqual({ status: "FAILED", error: "MailLost" });
  expect(await end(lasting)).toEqual({ status: "FAILED", error: "MailUnavailable" });
  expect((await noted("c3"))?.attempts?.N).toBe("1");
  expect((await noted("c4"))?.attempts?.N).toBe("3");
});

test("a token's failure is caught by its name, too", async () => {
  const execution = await call("start", { id: "c5" });
  await call("answer", { token: await tokenOf("c5"), status: "bounced" });

  expect(await end(execution)).toMatchObject({
    status: "SUCCEEDED",
    output: { error: { Error: "MailBounced", Cause: "no such box" } },
  });
});

test("an answer that the choice does not know fails the execution", async () => {
  const execution = await call("start", { id: "c6" });
  await call("answer", { token: await tokenOf("c6"), status: "archived" });

  expect(await end(execution)).toEqual({ status: "FAILED", error: "CampaignBroken" });
});

test("who is not heard of is asked, once the heartbeat is overdue", async () => {
  const execution = await call("start", { id: "c7", answers: false });

  expect(await end(execution)).toEqual({
    status: "SUCCEEDED",
    output: { id: "c7", answers: false, mail: { attempts: 3 }, answer: "polled" },
  });
});

test("an execution that waits may be stopped", async () => {
  const execution = await call("start", { id: "c8" });
  await tokenOf("c8");
  await call("stop", execution);

  expect(await end(execution)).toMatchObject({ status: "ABORTED" });
});
