import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import * as sm from "@aws-sdk/client-secrets-manager";
import * as ses from "@aws-sdk/client-sesv2";
import type { PublishCommandInput } from "@aws-sdk/client-sns";
import * as sns from "@aws-sdk/client-sns";
import * as pulumi from "@pulumi/pulumi";
import { bind } from "../../../components/sdk/bind";
import { userPoolMethods } from "../../../components/sdk/cognito";
import { rotationMethods } from "../../../components/sdk/secrets-manager";
import { senderMethods } from "../../../components/sdk/ses";
import { textSender } from "../../../components/text-sender";

const environment = { USERS_USER_POOL_ID: "eu-west-1_a", USERS_CLIENT_ID: "c", AWS_REGION: "eu-west-1" };
beforeAll(() => Object.assign(process.env, environment));
afterAll(() => {
  for (const name of Object.keys(environment)) {
    delete process.env[name];
  }
});
afterEach(() => jest.restoreAllMocks());

interface Sent {
  readonly input: object;
}

/** The commands that a service's clients are given. */
function commandsOf(client: { prototype: { send: unknown } }): Sent[] {
  const commands: Sent[] = [];
  const send = async (command: Sent) => {
    commands.push(command);
    return {};
  };
  jest.spyOn(client.prototype as { send: typeof send }, "send").mockImplementation(send);
  return commands;
}

test("a user pool's methods act on the pool, and tokens are those of its web client", async () => {
  const pool = bind(userPoolMethods, {
    owner: 'user pool "users"',
    name: "users",
    arn: pulumi.output("arn"),
    target: { UserPoolId: pulumi.output("later"), ClientId: pulumi.output("later") },
  });
  const commands = commandsOf(cognito.CognitoIdentityProviderClient);

  await pool.ListUsers({ Limit: 5 });
  await pool.AdminDeleteUser({ Username: "ann" });
  await pool.RefreshTokens({ refreshToken: "r" });

  expect(commands.map(({ input }) => input)).toEqual([
    { Limit: 5, UserPoolId: "eu-west-1_a" },
    { Username: "ann", UserPoolId: "eu-west-1_a" },
    { ClientId: "c", AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN: "r" } },
  ]);
  expect(commands[2]).toBeInstanceOf(cognito.InitiateAuthCommand);
});

test("a mail goes to one address in both forms, in the sender's name", async () => {
  const sender = bind(senderMethods, {
    owner: 'sender "mail"',
    name: "mail",
    arn: pulumi.output("arn"),
    target: { FromEmailAddress: "Gallery <hello@photos.example>" },
  });
  const commands = commandsOf(ses.SESv2Client);

  await sender.SendEmail({ to: "ann@photos.example", subject: "Grüße", text: "t", html: "<p>h" });

  const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });
  expect(commands).toMatchObject([
    {
      input: {
        FromEmailAddress: "Gallery <hello@photos.example>",
        Destination: { ToAddresses: ["ann@photos.example"] },
        Content: { Simple: { Subject: utf8("Grüße"), Body: { Text: utf8("t"), Html: utf8("<p>h") } } },
      },
    },
  ]);
});

test("a text goes to a number and no topic, as one that must arrive", async () => {
  const commands = commandsOf(sns.SNSClient);

  await textSender().SendText({ to: "+441632960000", text: "Hello" });

  const [{ input }] = commands as [{ input: PublishCommandInput }];
  expect(input).toEqual({
    PhoneNumber: "+441632960000",
    Message: "Hello",
    MessageAttributes: { "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" } },
  });
});

test("a rotation's methods act on the secret alone", async () => {
  const versions = bind(rotationMethods, {
    owner: 'secret "signing"',
    name: "signing",
    arn: pulumi.output("arn"),
    target: { SecretId: "signing", RotateBy: "npm run secret" },
  });
  const commands = commandsOf(sm.SecretsManagerClient);

  await versions.DescribeSecret({});
  await versions.GetSecretValue({ VersionId: "v" });
  await versions.PutSecretValue({ ClientRequestToken: "v", SecretString: "s" });
  await versions.UpdateSecretVersionStage({ VersionStage: "AWSCURRENT", MoveToVersionId: "v" });

  expect(commands.map(({ input }) => input)).toEqual([
    { SecretId: "signing" },
    { SecretId: "signing", VersionId: "v" },
    { SecretId: "signing", ClientRequestToken: "v", SecretString: "s" },
    { SecretId: "signing", VersionStage: "AWSCURRENT", MoveToVersionId: "v" },
  ]);
});
