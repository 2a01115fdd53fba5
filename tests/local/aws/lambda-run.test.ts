import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { asset } from "@pulumi/pulumi";
import { ifPresent } from "../../../local/aws/faults";
import { iam } from "../../../local/aws/iam";
import { lambda } from "../../../local/aws/lambda";
import { lambdaRun } from "../../../local/aws/lambda-run";
import type { Inputs } from "../../../local/engine/resource";
import { eventually, Stack } from "./stack";

let stack: Stack;
let role: string;

beforeAll(async () => {
  stack = await Stack.start(lambda, lambdaRun, iam);
  const made = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", {
    name: "r",
    assumeRolePolicy: "{}",
  });
  role = String(made.outputs.arn);
});

afterAll(() => stack.stop());

/** A function of this body. */
const createFunction = (name: string, body: string, inputs: Partial<Inputs<aws.lambda.FunctionArgs>> = {}) =>
  stack.create<aws.lambda.FunctionArgs>("aws:lambda/function:Function", {
    name,
    code: new asset.AssetArchive({
      "index.js": new asset.StringAsset(`exports.handler = async (event) => { ${body} };`),
    }),
    handler: "index.handler",
    runtime: "nodejs20.x",
    role,
    ...inputs,
  });

const createInvocation = (inputs: Inputs<aws.lambda.InvocationArgs>) =>
  stack.create<aws.lambda.InvocationArgs>("aws:lambda/invocation:Invocation", inputs);

/** What a function was invoked with, as far as it has logged it, once it was with the last of these. */
async function invokedWith(functionName: string, last: string): Promise<string[]> {
  const logs = stack.cloud.client(CloudWatchLogsClient);
  const filter = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` });
  return eventually(async () => {
    const answer = await ifPresent(logs.send(filter));
    const text = answer?.events?.map(({ message }) => message).join("\n") ?? "";
    const found = [...text.matchAll(/invoked with (\w+)/g)].map(([, input = ""]) => input);
    return found.includes(last) ? found : undefined;
  });
}

const logging = 'console.log("invoked with", event.version); return { version: event.version };';
const inputOf = (version: string) => JSON.stringify({ version });

test("a function is invoked when it is created, and not when it is read or deleted", async () => {
  // Prepare
  await createFunction("once", logging);

  // Act
  const made = await createInvocation({ functionName: "once", input: inputOf("one") });
  const read = await made.read();
  await made.delete();
  await createInvocation({ functionName: "once", input: inputOf("two") });

  // Assess
  expect(JSON.parse(String(made.outputs.result))).toEqual({ version: "one" });
  expect(read).toEqual({});
  expect(await invokedWith("once", "two")).toEqual(["one", "two"]);
});

test("every change invokes anew, with the same input as well when a trigger asks for it", async () => {
  // Prepare
  await createFunction("again", logging);
  const inputs = { functionName: "again", input: inputOf("one") };
  const made = await createInvocation({ ...inputs, triggers: { migrations: "a" } });

  // Act
  const update = made.update({ triggers: { migrations: "b" } });
  const next = await createInvocation({ ...inputs, triggers: { migrations: "b" } });
  await createInvocation({ functionName: "again", input: inputOf("two") });

  // Assess
  await expect(update).rejects.toThrow("replaces on every change");
  expect(next.id).not.toBe(made.id);
  expect(await invokedWith("again", "two")).toEqual(["one", "one", "two"]);
});

test("the version that is asked for is invoked", async () => {
  // Prepare
  const versioned = await createFunction("versioned", 'return "first";', { publish: true });
  await versioned.update({
    code: new asset.AssetArchive({ "index.js": new asset.StringAsset("exports.handler = async () => 2") }),
  });

  // Act
  const [first, latest] = [
    await createInvocation({ functionName: "versioned", input: "{}", qualifier: "1" }),
    await createInvocation({ functionName: "versioned", input: "{}" }),
  ];

  // Assess
  expect([first?.outputs.result, latest?.outputs.result]).toEqual(['"first"', "2"]);
});

test("a function that fails fails the deployment, which tells its error and the end of its log", async () => {
  // Prepare
  await createFunction(
    "failing",
    'console.log("migration 3 of 4"); throw new TypeError("relation photos is there already");',
  );

  // Act
  const creation = createInvocation({ functionName: "failing", input: "{}" });

  // Assess
  await expect(creation).rejects.toMatchObject({
    name: "InvocationFailed",
    message: expect.stringMatching(
      /^failing answered \S+: .*relation photos is there already.*\nThe end of its log:\n.*migration 3 of 4/s,
    ),
  });
});

test("a function that is not there fails the deployment by name", async () => {
  const creation = createInvocation({ functionName: "nowhere", input: "{}" });

  await expect(creation).rejects.toThrow("nowhere");
});

test("with its function, what an invocation did is gone", async () => {
  // Prepare
  const made = await createFunction("leaving", "return 1;");
  const invocation = await createInvocation({ functionName: "leaving", input: "{}" });

  // Act
  await made.delete();

  // Assess
  expect(await invocation.read()).toBeUndefined();
});

test.each([
  ["lifecycleScope", { lifecycleScope: "CRUD" }],
  ["tenantId", { tenantId: "t" }],
])("%s is refused", async (input, inputs) => {
  const creation = createInvocation({ functionName: "any", input: "{}", ...inputs });

  await expect(creation).rejects.toThrow(`the local cloud has no "${input}"`);
});

test("the scope that it has is not refused", async () => {
  await createFunction("scoped", "return 1;");

  const made = await createInvocation({
    functionName: "scoped",
    input: "{}",
    lifecycleScope: "CREATE_ONLY",
  });

  expect(made.outputs.result).toBe("1");
});
