import * as http from "node:http";
import type { AddressInfo } from "node:net";
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateIdentityProviderCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { RecordedCall } from "../../local/front-door/record";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;
let cognito: CognitoIdentityProviderClient;
let dynamodb: DynamoDBClient;
let secrets: SecretsManagerClient;
const partners: http.Server[] = [];

beforeAll(async () => {
  cloud = await startCloud(["--project", "tests/local/programs/triggers"]);
  const terminal = {
    endpoint: cloud.address,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  cognito = new CognitoIdentityProviderClient(terminal);
  dynamodb = new DynamoDBClient(terminal);
  secrets = new SecretsManagerClient(terminal);
});
afterAll(async () => {
  for (const partner of partners) {
    partner.close();
  }
  await cloud?.stop();
});

/** What a function noted, in order. */
async function told(id: string) {
  const get = new GetItemCommand({ TableName: cloud.outputs.toldTable, Key: { id: { S: id } } });
  const { Item } = await dynamodb.send(get);
  return Item?.events?.L?.map(({ S = "" }) => JSON.parse(S)) ?? [];
}

async function invocations(caller: string, resource: string | undefined): Promise<RecordedCall[]> {
  const query = `caller=${caller}&action=lambda:InvokeFunction&resource=${resource}`;
  const response = await fetch(`${cloud.address}/_gallery/calls?${query}`);
  return ((await response.json()) as { calls: RecordedCall[] }).calls;
}

async function signUp(email: string): Promise<string | undefined> {
  const { UserSub } = await cognito.send(
    new SignUpCommand({
      ClientId: cloud.outputs.clientId,
      Username: email,
      Password: "Long-enough-7!",
      UserAttributes: [{ Name: "email", Value: email }],
    }),
  );
  return UserSub;
}

const confirm = (email: string, metadata?: Record<string, string>) =>
  cognito.send(
    new ConfirmSignUpCommand({
      ClientId: cloud.outputs.clientId,
      Username: email,
      ConfirmationCode: "123456",
      ClientMetadata: metadata,
    }),
  );

const userOf = (email: string) =>
  cognito.send(new AdminGetUserCommand({ UserPoolId: cloud.outputs.poolId, Username: email }));

test("a confirmed sign-up calls the post-confirmation trigger before its answer", async () => {
  const email = "ada@photos.example";
  const sub = await signUp(email);
  expect(await told(email)).toEqual([]);
  await confirm(email, { campaign: "spring" });

  expect(await told(email)).toEqual([
    {
      version: "1",
      triggerSource: "PostConfirmation_ConfirmSignUp",
      region: "eu-west-1",
      userPoolId: cloud.outputs.poolId,
      userName: sub,
      callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: cloud.outputs.clientId },
      request: {
        userAttributes: { sub, email, email_verified: "true", "cognito:user_status": "CONFIRMED" },
        clientMetadata: { campaign: "spring" },
      },
      response: {},
    },
  ]);
  const { UserAttributes } = await userOf(email);
  expect(UserAttributes).toContainEqual({ Name: "email_verified", Value: "true" });
  expect(await invocations("cognito-idp.amazonaws.com", cloud.outputs.welcomeArn)).toMatchObject([
    { status: 200 },
  ]);
});

test("an administrator's confirmation calls it too", async () => {
  const email = "bob@photos.example";
  await signUp(email);
  const Username = email;
  await cognito.send(new AdminConfirmSignUpCommand({ UserPoolId: cloud.outputs.poolId, Username }));

  expect(await told(email)).toMatchObject([{ triggerSource: "PostConfirmation_ConfirmSignUp" }]);
});

test("a trigger that throws is told to the client, though the user is confirmed", async () => {
  const email = "unlucky@photos.example";
  await signUp(email);

  await expect(confirm(email)).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: "PostConfirmation failed with error no mail today.",
    $metadata: { httpStatusCode: 400 },
  });
  expect(await userOf(email)).toMatchObject({ UserStatus: "CONFIRMED" });
  expect(await told(email)).toHaveLength(1);
});

/** Another provider's token endpoint, which vouches for this user; answers its address. */
async function vouch(email: string, sub: string): Promise<string> {
  const claims = Buffer.from(JSON.stringify({ sub, email })).toString("base64url");
  const server = http.createServer((_, response) => {
    response.end(JSON.stringify({ id_token: `e30.${claims}.`, access_token: "theirs" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  partners.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Signs in through the other provider; answers where the page is sent to. */
async function signInWith(provider: string): Promise<URL> {
  const follow = async (path: string, query: Record<string, string>) => {
    const url = `${cloud.address}/oauth2/${path}?${new URLSearchParams(query)}`;
    return new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
  };
  const theirs = await follow("authorize", {
    client_id: cloud.outputs.clientId ?? "",
    identity_provider: provider,
    redirect_uri: "https://photos.example/in",
    response_type: "code",
    state: "mine",
  });
  return follow("idpresponse", { code: "theirs", state: theirs.searchParams.get("state") ?? "" });
}

test.each([
  ["Partner", "eve@partner.example", { code: expect.any(String) }],
  [
    "Unlucky",
    "unlucky@partner.example",
    { error: "invalid_request", error_description: "PostConfirmation failed with error no mail today." },
  ],
])("the first sign-in through %s, and only that, calls the trigger", async (ProviderName, email, query) => {
  // Prepare
  const url = await vouch(email, "1");
  const details = {
    client_id: "us",
    client_secret: "-",
    authorize_scopes: "openid",
    ...addresses(url),
  };
  const provider = { UserPoolId: cloud.outputs.poolId, ProviderName, ProviderType: "OIDC" } as const;
  const mapping = { username: "sub", email: "email" };
  await cognito.send(
    new CreateIdentityProviderCommand({ ...provider, ProviderDetails: details, AttributeMapping: mapping }),
  );

  // Act
  const first = await signInWith(ProviderName);
  const second = await signInWith(ProviderName);

  // Assess
  expect(Object.fromEntries(first.searchParams)).toEqual({ ...query, state: "mine" });
  expect(second.searchParams.get("code")).not.toBeNull();
  expect(await told(email)).toMatchObject([
    {
      triggerSource: "PostConfirmation_ConfirmSignUp",
      userName: `${ProviderName}_1`,
      callerContext: { clientId: cloud.outputs.clientId },
      request: { userAttributes: { email, "cognito:user_status": "EXTERNAL_PROVIDER" } },
    },
  ]);
});

function addresses(url: string) {
  return { oidc_issuer: url, authorize_url: `${url}/authorize`, token_url: `${url}/token` };
}

/** The secret's labels, each with the version that has it, once a version is the current one. */
async function labelsWith(version: string): Promise<Record<string, string> | undefined> {
  const { VersionIdsToStages = {} } = await secrets.send(
    new DescribeSecretCommand({ SecretId: cloud.outputs.secretArn }),
  );
  const pairs = Object.entries(VersionIdsToStages).flatMap(([id, labels]) =>
    labels.map((label) => [label, id]),
  );
  const labels: Record<string, string> = Object.fromEntries(pairs);
  return labels.AWSCURRENT === version ? labels : undefined;
}

const read = async (VersionStage: string) =>
  (await secrets.send(new GetSecretValueCommand({ SecretId: cloud.outputs.secretArn, VersionStage })))
    .SecretString;

/** The current version, once a rotation has made its value. */
async function rotated(): Promise<string | undefined> {
  const value = await read("AWSCURRENT").catch(() => undefined);
  return value?.replace("made for ", "");
}

test("a rotation has the function take its steps in order, again where one fails", async () => {
  // Prepare: the deployment's own rotation makes the first value.
  const SecretId = cloud.outputs.secretArn;
  const first = await eventually(rotated);

  // Act
  const rotate = () => secrets.send(new RotateSecretCommand({ SecretId }));
  const { VersionId: second = "" } = await eventually(() =>
    // Until the first one is quite over.
    rotate().catch((error: Error) => {
      if (error.name !== "InvalidRequestException") throw error;
      return undefined;
    }),
  );
  const refusal = await rotate().catch((error: Error) => error.name);
  const labels = await eventually(() => labelsWith(second));

  // Assess
  expect(refusal).toBe("InvalidRequestException");
  expect(labels).toMatchObject({ AWSCURRENT: second, AWSPREVIOUS: first });
  expect([await read("AWSCURRENT"), await read("AWSPREVIOUS")]).toEqual([
    `made for ${second}`,
    `made for ${first}`,
  ]);
  const steps = ["createSecret", "setSecret", "testSecret", "testSecret", "finishSecret"];
  for (const ClientRequestToken of [first, second]) {
    const events = steps.map((Step) => ({ Step, SecretId, ClientRequestToken }));
    expect(await told(ClientRequestToken)).toEqual(events);
  }
  expect(await secrets.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: cloud.outputs.rotateArn,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
  const caller = "secretsmanager.amazonaws.com";
  await eventually(async () =>
    (await invocations(caller, cloud.outputs.rotateArn)).length === 2 * steps.length ? true : undefined,
  );
});
