import * as fc from "fast-check";
import { SecretRotation } from "../../../local/completions/secret-rotation";
import type { Exchange, Reply } from "../../../local/front-door/interceptor";
import { jsonReply } from "../../../local/front-door/reply";
import { exchangeOf, jsonCall, textOf } from "../front-door/exchange";
import type { FakeEmulator } from "../front-door/fake-emulator";
import { FakeSecret, secretArn, type Versions } from "./fake-secret";
import { type FakeAnswer, serviceAt, startFake } from "./surroundings";

const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:rotate";
const plain = (): Versions => ({ v1: { labels: ["AWSCURRENT"], value: "old" } });

let emulator: FakeEmulator;
let rotation: SecretRotation;
let secret: FakeSecret;
/** What the function was told. */
let events: Record<string, unknown>[];
let take: (step: unknown) => FakeAnswer | undefined;
let warnings: string[];
let warned: jest.SpyInstance;

beforeEach(async () => {
  events = [];
  warnings = [];
  take = () => ({ json: null });
  secret = new FakeSecret(plain());
  warned = jest.spyOn(process, "emitWarning").mockImplementation((warning) => {
    const text = String(warning);
    // The SDK has warnings of its own.
    if (text.startsWith("The rotation")) warnings.push(text);
  });
  emulator = await startFake({
    operation: (name, request) => secret.operation(name, request),
    invoke(event) {
      events.push(event);
      return take(event.Step);
    },
  });
  rotation = new SecretRotation();
  rotation.connect(serviceAt(emulator, "secretsmanager.amazonaws.com"));
});
afterEach(async () => {
  rotation.stop();
  await emulator.stop();
  warned.mockRestore();
});

const call = (operation: string, request: object): Promise<Exchange> =>
  exchangeOf(jsonCall("secretsmanager", `secretsmanager.${operation}`, { SecretId: "key", ...request }));

/** RotateSecret on its way through the front door. */
async function rotateSecret(token: string, request: object = { RotationLambdaARN: functionArn }) {
  const exchange = await call("RotateSecret", { ClientRequestToken: token, ...request });
  const own = await rotation.before(exchange);
  if (own) return own;
  secret.rotate(token);
  secret.functionArn ??= functionArn;
  const answer = jsonReply(200, { ARN: secretArn, Name: "key", VersionId: token });
  const other = await rotation.after(exchange, answer);
  rotation.done(exchange);
  return other ?? answer;
}

async function until(condition: () => boolean) {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function errorOf(answer: Reply | undefined) {
  const { __type, message } = JSON.parse(await textOf(answer));
  return [answer?.status, __type, message];
}

test("the function takes the four steps in order, with a pending version that has no value", async () => {
  const answer = await rotateSecret("v2");
  expect(JSON.parse(await textOf(answer))).toEqual({ ARN: secretArn, Name: "key", VersionId: "v2" });
  expect(secret.versions).toEqual({ ...plain(), v2: { labels: ["AWSPENDING"], value: undefined } });

  await until(() => events.length === 4);
  expect(events).toEqual(
    ["createSecret", "setSecret", "testSecret", "finishSecret"].map((Step) => ({
      Step,
      SecretId: secretArn,
      ClientRequestToken: "v2",
    })),
  );
});

test("a step that fails is tried again", async () => {
  take = (step) =>
    step === "setSecret" && events.length < 4
      ? { functionError: { errorMessage: "not yet" } }
      : { json: null };
  await rotateSecret("v2");
  await until(() => events.length === 6);

  expect(events.map(({ Step }) => Step)).toEqual([
    "createSecret",
    "setSecret",
    "setSecret",
    "setSecret",
    "testSecret",
    "finishSecret",
  ]);
  expect(warnings).toEqual([]);
});

test("a rotation is given up after three attempts at a step; the next one starts anew", async () => {
  take = () => ({ error: "TooManyRequestsException", status: 429 });
  await rotateSecret("v2");
  await until(() => warnings.length === 1);

  expect(warnings[0]).toMatch(/secret key .* step createSecret: TooManyRequestsException/);
  expect(events).toHaveLength(3);
  expect(secret.with("AWSPENDING")).toEqual(["v2"]);

  take = () => ({ json: null });
  await rotateSecret("v3", {});
  await until(() => events.length === 7);
  expect(secret.with("AWSPENDING")).toEqual(["v3"]);
});

test("a rotation under way is not begun again, by whatever name", async () => {
  take = () => undefined;
  await rotateSecret("v2");

  expect(await errorOf(await rotateSecret("v3", { SecretId: secretArn }))).toEqual([
    400,
    "InvalidRequestException",
    expect.stringContaining("previous rotation isn't complete"),
  ]);
  expect(JSON.parse(await textOf(await rotateSecret("v2")))).toMatchObject({ VersionId: "v2" });
  expect(Object.keys(secret.versions)).toEqual(["v1", "v2"]);
});

test("a rotation needs a function", async () => {
  expect(await errorOf(await rotateSecret("v2", {}))).toEqual([
    400,
    "InvalidRequestException",
    "No Lambda rotation function ARN is associated with this secret.",
  ]);
});

test("what the emulator refuses is not under way, and a secret it does not know is its affair", async () => {
  const refused = await call("RotateSecret", { RotationLambdaARN: functionArn, ClientRequestToken: "v2" });
  await rotation.before(refused);
  expect(await rotation.after(refused, jsonReply(403, {}))).toBeUndefined();
  rotation.done(refused);
  const unknown = await call("RotateSecret", { SecretId: "gone", RotationLambdaARN: functionArn });

  expect(await rotation.before(unknown)).toBeUndefined();
  expect((await rotateSecret("v2")).status).toBe(200);
});

test("without immediate rotation only the configuration is tested, with a copy of the value", async () => {
  let tested: unknown;
  take = () => {
    tested = structuredClone(secret.versions.v2);
    return { json: null };
  };
  await rotateSecret("v2", { RotationLambdaARN: functionArn, RotateImmediately: false });
  await until(() => secret.with("AWSPENDING").length === 0);

  expect(events.map(({ Step }) => Step)).toEqual(["testSecret"]);
  expect(tested).toEqual({ labels: ["AWSPENDING"], value: "old" });
  expect(secret.versions.v1).toEqual({ labels: ["AWSCURRENT"], value: "old" });
});

test("a version without a value cannot be read", async () => {
  const answer = jsonReply(200, { ARN: secretArn, Name: "key", VersionId: "v2" });
  const full = jsonReply(200, { VersionId: "v1", SecretString: "" });
  const byVersion = await call("GetSecretValue", { VersionId: "v2", VersionStage: "AWSPENDING" });
  const byLabel = await call("GetSecretValue", {});

  expect(await errorOf(await rotation.after(byVersion, answer))).toEqual([
    400,
    "ResourceNotFoundException",
    "Secrets Manager can't find the specified secret value for VersionId: v2",
  ]);
  expect((await errorOf(await rotation.after(byLabel, answer)))[2]).toMatch(/staging label: AWSCURRENT$/);
  expect(await rotation.after(byLabel, full)).toBeUndefined();
});

test("whatever the labels were, a new rotation changes the pending one only", async () => {
  const value = fc.option(fc.string(), { nil: undefined });
  const holders = fc.record({
    previous: fc.boolean(),
    blue: fc.boolean(),
    pending: fc.constantFrom("none", "v0", "v1", "v2"),
  });
  await fc.assert(
    fc.asyncProperty(fc.tuple(value, value, value), holders, async (values, holder) => {
      // Prepare
      const versions: Versions = {
        v0: { labels: holder.previous ? ["AWSPREVIOUS"] : ["green"], value: values[0] },
        v1: { labels: ["AWSCURRENT"], value: values[1] },
        v2: { labels: ["red"], value: values[2] },
      };
      if (holder.blue) versions.v0?.labels.push("blue");
      versions[holder.pending]?.labels.push("AWSPENDING");
      secret = new FakeSecret(structuredClone(versions));
      rotation = new SecretRotation();
      rotation.connect(serviceAt(emulator, "secretsmanager.amazonaws.com"));
      take = () => undefined;

      // Act
      await rotateSecret("v3");
      rotation.stop();

      // Assess
      const sorted = (all: Versions) =>
        Object.entries(all).map(([id, { labels, value }]) => [id, [...labels].sort(), value]);
      for (const version of Object.values(versions)) {
        version.labels = version.labels.filter((label) => label !== "AWSPENDING");
      }
      const expected = sorted({ ...versions, v3: { labels: ["AWSPENDING"], value: undefined } });
      expect(sorted(secret.versions)).toEqual(expect.arrayContaining(expected));
      expect(Object.keys(secret.versions)).toHaveLength(expected.length);
    }),
    { numRuns: 50 },
  );
});
