import { PostConfirmation } from "../../../local/completions/post-confirmation";
import { headerOf } from "../../../local/front-door/headers";
import type { Exchange, Reply } from "../../../local/front-door/interceptor";
import { jsonReply, reply } from "../../../local/front-door/reply";
import { exchangeOf, jsonCall, textOf } from "../front-door/exchange";
import type { FakeEmulator } from "../front-door/fake-emulator";
import { resource } from "./resource";
import { type FakeAnswer, serviceAt, startFake } from "./surroundings";

const poolId = "eu-west-1_pool";
const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:welcome";
const pool = (inputs = {}) =>
  resource("aws:cognito/userPool:UserPool", poolId, {
    autoVerifiedAttributes: ["email"],
    lambdaConfig: { postConfirmation: functionArn },
    ...inputs,
  });
const client = resource("aws:cognito/userPoolClient:UserPoolClient", "web", {
  userPoolId: poolId,
  callbackUrls: ["https://photos.example/in", "https://photos.example/?from=idp"],
});

let emulator: FakeEmulator;
let completion: PostConfirmation;
/** Events as the trigger got them. */
let events: Record<string, unknown>[];
let trigger: (event: Record<string, unknown>) => FakeAnswer | undefined;
let federated: { Username: string; UserStatus: string; UserCreateDate: number; sub: string }[];
let updates: unknown[];

beforeEach(async () => {
  events = [];
  federated = [];
  updates = [];
  trigger = (event) => ({ json: event });
  emulator = await startFake({
    invoke(event) {
      events.push(event);
      return trigger(event);
    },
    operation(name, request) {
      if (name === "ListUsers") {
        const Users = federated.map(({ sub, ...user }) => ({
          ...user,
          Attributes: [{ Name: "sub", Value: sub }],
        }));
        return { json: { Users } };
      }
      if (name === "AdminUpdateUserAttributes") {
        updates.push(request);
        return { json: {} };
      }
      const UserAttributes = Object.entries({ sub: "u-1", email: "ada@photos.example" });
      return {
        json: {
          Username: "u-1",
          UserStatus: "CONFIRMED",
          UserAttributes: UserAttributes.map(([Name, Value]) => ({ Name, Value })),
        },
      };
    },
  });
  completion = new PostConfirmation(100);
  completion.connect(serviceAt(emulator, "cognito-idp.amazonaws.com"));
  completion.configure([pool(), client]);
});
afterEach(async () => {
  completion.stop();
  await emulator.stop();
});

const call = (operation: string, request: object): Promise<Exchange> =>
  exchangeOf(jsonCall("cognito-idp", `AWSCognitoIdentityProviderService.${operation}`, request));
const confirm = () => call("ConfirmSignUp", { ClientId: "web", Username: "ada@photos.example" });
const done = (answer: unknown = {}) =>
  jsonReply(200, answer, { "access-control-allow-origin": "*", "x-amzn-requestid": "r1" });

async function errorOf(answer: Reply | undefined) {
  const { __type, message } = JSON.parse(await textOf(answer));
  return { status: answer?.status, code: __type, message };
}

test("a confirmed sign-up reaches the trigger as AWS documents it", async () => {
  const exchange = await call("ConfirmSignUp", {
    ClientId: "web",
    Username: "ada@photos.example",
    ClientMetadata: { campaign: "spring" },
  });

  expect(await completion.after(exchange, done())).toBeUndefined();
  expect(events).toEqual([
    {
      version: "1",
      triggerSource: "PostConfirmation_ConfirmSignUp",
      region: "eu-west-1",
      userPoolId: poolId,
      userName: "u-1",
      callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "web" },
      request: {
        userAttributes: {
          sub: "u-1",
          email: "ada@photos.example",
          email_verified: "true",
          "cognito:user_status": "CONFIRMED",
        },
        clientMetadata: { campaign: "spring" },
      },
      response: {},
    },
  ]);
  expect(updates).toMatchObject([{ UserAttributes: [{ Name: "email_verified", Value: "true" }] }]);
});

test.each([
  ["AdminConfirmSignUp", { UserPoolId: poolId }, {}, "ConfirmSignUp", "CLIENT_ID_NOT_APPLICABLE"],
  ["SignUp", { ClientId: "web" }, { UserConfirmed: true, UserSub: "u-1" }, "ConfirmSignUp", "web"],
  ["ConfirmForgotPassword", { ClientId: "web" }, {}, "ConfirmForgotPassword", "web"],
])("%s confirms, without verifying an address", async (operation, request, answer, source, clientId) => {
  await completion.after(await call(operation, { ...request, Username: "u-1" }), done(answer));

  expect(events).toMatchObject([
    {
      triggerSource: `PostConfirmation_${source}`,
      callerContext: { clientId },
      request: { userAttributes: { email_verified: "false" } },
    },
  ]);
  expect(events[0]?.request).not.toHaveProperty("clientMetadata");
  expect(updates).toEqual([]);
});

test("nothing else calls the trigger", async () => {
  const signUp = { ClientId: "web", Username: "u-1" };
  await completion.after(await call("SignUp", signUp), done({ UserConfirmed: false, UserSub: "u-1" }));
  await completion.after(await call("InitiateAuth", { ClientId: "web" }), done());
  await completion.after(await confirm(), jsonReply(400, { __type: "CodeMismatchException" }));
  await completion.after(await call("ConfirmSignUp", { ClientId: "other", Username: "u-1" }), done());
  completion.configure([pool({ lambdaConfig: undefined }), client]);
  await completion.after(await confirm(), done());

  expect(events).toEqual([]);
});

test("a trigger that throws is told to the client, whose page may read it", async () => {
  trigger = () => ({ functionError: { errorType: "Error", errorMessage: "no mail today" } });
  const answer = await completion.after(await confirm(), done());

  expect(await errorOf(answer)).toEqual({
    status: 400,
    code: "UserLambdaValidationException",
    message: "PostConfirmation failed with error no mail today.",
  });
  expect(headerOf(answer?.headers ?? [], "access-control-allow-origin")).toBe("*");
  expect(answer?.headers.filter((name) => name.toLowerCase() === "content-length")).toHaveLength(1);
  expect(events).toHaveLength(1);
});

test("a trigger must return its event", async () => {
  trigger = () => ({ json: null });

  expect(await errorOf(await completion.after(await confirm(), done()))).toMatchObject({
    code: "InvalidLambdaResponseException",
  });
});

test("a trigger that does not answer in time is tried three times", async () => {
  trigger = () => undefined;

  expect(await errorOf(await completion.after(await confirm(), done()))).toMatchObject({
    code: "UnexpectedLambdaException",
    message: expect.stringContaining("timeout"),
  });
  expect(events).toHaveLength(3);
});

test("a trigger that Lambda refuses to invoke is not tried again", async () => {
  trigger = () => ({ error: "TooManyRequestsException", status: 429 });

  expect(await errorOf(await completion.after(await confirm(), done()))).toEqual({
    status: 400,
    code: "UnexpectedLambdaException",
    message: "PostConfirmation invocation failed due to error TooManyRequestsException.",
  });
  expect(events).toHaveLength(1);
});

const fromProvider = () => exchangeOf({ url: "/oauth2/idpresponse?code=theirs&state=s" });
const redirect = (location: string) => reply(302, "text/html", "", { Location: location });
const newcomer = { Username: "Google_1", UserStatus: "EXTERNAL_PROVIDER", sub: "g-1" };

test("a federated user's first sign-in is told once", async () => {
  const exchange = await fromProvider();
  const since = exchange.startedAt / 1000;
  federated = [
    { ...newcomer, UserCreateDate: since + 0.05 },
    { ...newcomer, Username: "Google_0", sub: "g-0", UserCreateDate: since - 1 },
    { Username: "u-1", UserStatus: "CONFIRMED", sub: "u-1", UserCreateDate: since + 0.05 },
  ];
  const answer = redirect("https://photos.example/?from=idp&code=ours&state=mine");

  expect(await completion.after(exchange, answer)).toBeUndefined();
  expect(await completion.after(await fromProvider(), answer)).toBeUndefined();
  expect(events).toMatchObject([
    {
      triggerSource: "PostConfirmation_ConfirmSignUp",
      userName: "Google_1",
      callerContext: { clientId: "web" },
      request: { userAttributes: { sub: "g-1", "cognito:user_status": "EXTERNAL_PROVIDER" } },
    },
  ]);
});

test("a federated sign-in whose trigger throws goes back to the page with the error", async () => {
  trigger = () => ({ functionError: { errorMessage: "not here" } });
  const exchange = await fromProvider();
  federated = [{ ...newcomer, UserCreateDate: exchange.startedAt / 1000 }];
  const answer = await completion.after(exchange, redirect("https://photos.example/in?code=ours&state=mine"));
  const location = new URL(headerOf(answer?.headers ?? [], "location") ?? "");

  expect([answer?.status, location.origin, location.pathname]).toEqual([
    302,
    "https://photos.example",
    "/in",
  ]);
  expect(Object.fromEntries(location.searchParams)).toEqual({
    error: "invalid_request",
    error_description: "PostConfirmation failed with error not here.",
    state: "mine",
  });
});

test("before the emulator is there, answers pass", async () => {
  expect(await new PostConfirmation().after(await confirm(), done())).toBeUndefined();
});
