import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  GetGroupCommand,
  GetUserPoolMfaConfigCommand,
  ListUsersInGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type * as aws from "@pulumi/aws";
import { cognito } from "../../../local/aws/cognito";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(cognito);
});

afterAll(() => stack.stop());

const createPool = (inputs: Inputs<aws.cognito.UserPoolArgs>) =>
  stack.create<aws.cognito.UserPoolArgs>("aws:cognito/userPool:UserPool", inputs);

const users = () => stack.cloud.client(CognitoIdentityProviderClient);

const city = { name: "city", attributeDataType: "String", stringAttributeConstraints: { maxLength: "50" } };
const age = { name: "age", attributeDataType: "Number", mutable: true };

test("a user pool lives from creation to deletion", async () => {
  // Prepare
  const lambdaArn = "arn:aws:lambda:us-east-1:000000000000:function:trigger";
  const pool = await createPool({
    name: "life",
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    adminCreateUserConfig: {
      inviteMessageTemplate: { emailMessage: "{username} {####}", emailSubject: "Hello" },
    },
    autoVerifiedAttributes: ["email"],
    deletionProtection: "ACTIVE",
    emailConfiguration: { emailSendingAccount: "DEVELOPER", fromEmailAddress: "hello@example.org" },
    lambdaConfig: { postConfirmation: lambdaArn },
    mfaConfiguration: "OPTIONAL",
    passwordPolicy: { minimumLength: 12, requireSymbols: false },
    schemas: [city],
    softwareTokenMfaConfiguration: { enabled: true },
    tags: { a: "1", b: "2" },
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
    usernameAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
    verificationMessageTemplate: { defaultEmailOption: "CONFIRM_WITH_CODE" },
  });
  const describe = new DescribeUserPoolCommand({ UserPoolId: pool.id });
  const { UserPool: created } = await users().send(describe);
  const mfa = await users().send(new GetUserPoolMfaConfigCommand({ UserPoolId: pool.id }));

  // Act
  await pool.update({
    autoVerifiedAttributes: undefined,
    deletionProtection: undefined,
    lambdaConfig: undefined,
    mfaConfiguration: undefined,
    schemas: [city, age],
    tags: { b: "3" },
  });
  const { UserPool: updated } = await users().send(describe);
  const present = await pool.read();
  await pool.delete();
  await pool.delete();

  // Assess
  expect(pool.outputs).toMatchObject({
    arn: created?.Arn,
    endpoint: `cognito-idp.us-east-1.amazonaws.com/${pool.id}`,
  });
  expect(created).toMatchObject({
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
    AdminCreateUserConfig: { InviteMessageTemplate: { EmailSubject: "Hello" } },
    AutoVerifiedAttributes: ["email"],
    DeletionProtection: "ACTIVE",
    EmailConfiguration: { From: "hello@example.org" },
    LambdaConfig: { PostConfirmation: lambdaArn },
    Policies: { PasswordPolicy: { MinimumLength: 12, RequireSymbols: false } },
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
    UsernameAttributes: ["email"],
    UsernameConfiguration: { CaseSensitive: false },
    UserPoolTags: { a: "1", b: "2" },
    VerificationMessageTemplate: { DefaultEmailOption: "CONFIRM_WITH_CODE" },
  });
  expect(created?.SchemaAttributes).toContainEqual(
    expect.objectContaining({ Name: "custom:city", Mutable: false }),
  );
  expect(mfa).toMatchObject({
    MfaConfiguration: "OPTIONAL",
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  expect(updated).toMatchObject({
    AutoVerifiedAttributes: [],
    DeletionProtection: "INACTIVE",
    LambdaConfig: {},
    MfaConfiguration: "OFF",
    UserPoolTags: { b: "3" },
  });
  expect(updated?.SchemaAttributes).toContainEqual(
    expect.objectContaining({ Name: "custom:age", Mutable: true }),
  );
  expect(present).toMatchObject({ creationDate: expect.any(String) });
  expect(await pool.read()).toBeUndefined();
});

test("an attribute of a pool cannot be changed", async () => {
  // Prepare
  const pool = await createPool({ name: "schema", schemas: [city] });

  // Act
  const change = pool.update({ schemas: [{ ...city, mutable: true }] });

  // Assess
  await expect(change).rejects.toThrow('attribute "city" cannot be changed');
});

test("a client lives from creation to deletion", async () => {
  // Prepare
  const pool = await createPool({ name: "of-clients" });
  const client = await stack.create<aws.cognito.UserPoolClientArgs>(
    "aws:cognito/userPoolClient:UserPoolClient",
    {
      name: "life",
      userPoolId: pool.id,
      accessTokenValidity: 5,
      allowedOauthFlows: ["code"],
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthScopes: ["openid"],
      callbackUrls: ["https://example.org/in"],
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      generateSecret: true,
      logoutUrls: ["https://example.org/out"],
      preventUserExistenceErrors: "ENABLED",
      supportedIdentityProviders: ["COGNITO"],
      tokenValidityUnits: { accessToken: "minutes" },
    },
  );
  const describe = new DescribeUserPoolClientCommand({ UserPoolId: pool.id, ClientId: client.id });
  const { UserPoolClient: created } = await users().send(describe);

  // Act
  await client.update({ name: "renamed", callbackUrls: undefined, refreshTokenValidity: 1 });
  const { UserPoolClient: updated } = await users().send(describe);
  const present = await client.read();
  await client.delete();
  await client.delete();

  // Assess
  expect(client.outputs.clientSecret).toMatch(/./);
  expect(created).toMatchObject({
    AccessTokenValidity: 5,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid"],
    CallbackURLs: ["https://example.org/in"],
    ClientSecret: client.outputs.clientSecret,
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    LogoutURLs: ["https://example.org/out"],
    PreventUserExistenceErrors: "ENABLED",
    TokenValidityUnits: { AccessToken: "minutes" },
  });
  expect(updated).toMatchObject({ ClientName: "renamed", CallbackURLs: [], RefreshTokenValidity: 1 });
  expect(present).toEqual({ clientSecret: client.outputs.clientSecret });
  expect(await client.read()).toBeUndefined();
});

test("a group keeps its members over a change", async () => {
  // Prepare
  const pool = await createPool({ name: "of-groups" });
  const group = await stack.create<aws.cognito.UserGroupArgs>("aws:cognito/userGroup:UserGroup", {
    name: "admins",
    userPoolId: pool.id,
    precedence: 1,
  });
  const user = { UserPoolId: pool.id, Username: "ada" };
  const key = { UserPoolId: pool.id, GroupName: "admins" };
  await users().send(new AdminCreateUserCommand(user));
  await users().send(new AdminAddUserToGroupCommand({ ...user, GroupName: "admins" }));

  // Act
  await group.update({ precedence: 2, description: "may do more" });
  const { Group: updated } = await users().send(new GetGroupCommand(key));
  const { Users } = await users().send(new ListUsersInGroupCommand(key));
  const present = await group.read();
  await group.delete();
  await group.delete();

  // Assess
  expect(group.id).toBe(`${pool.id}/admins`);
  expect(updated).toMatchObject({ Description: "may do more", Precedence: 2 });
  expect(Users).toMatchObject([{ Username: "ada" }]);
  expect(present).toEqual({});
  expect(await group.read()).toBeUndefined();
});

test("a domain lives from creation to deletion, also of one that an interrupted run left", async () => {
  // Prepare
  const left = await createPool({ name: "left" });
  const pool = await createPool({ name: "of-domains" });
  const create = (userPoolId: string) =>
    stack.create<aws.cognito.UserPoolDomainArgs>("aws:cognito/userPoolDomain:UserPoolDomain", {
      domain: "gallery",
      userPoolId,
    });
  await create(left.id);
  const domain = await create(pool.id);

  // Act
  await domain.update({ managedLoginVersion: 2 });
  const describe = new DescribeUserPoolDomainCommand({ Domain: "gallery" });
  const { DomainDescription: updated } = await users().send(describe);
  const present = await domain.read();
  await domain.delete();
  await domain.delete();

  // Assess
  expect(domain.id).toBe("gallery");
  expect(updated).toMatchObject({ UserPoolId: pool.id, ManagedLoginVersion: 2 });
  expect(present).toMatchObject({ awsAccountId: "000000000000" });
  expect(await domain.read()).toBeUndefined();
});
