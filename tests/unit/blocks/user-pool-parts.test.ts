import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { EncryptionKey } from "../../../components/encryption-key";
import { LambdaFunction } from "../../../components/function";
import type { IdentityProviders } from "../../../components/identity-providers";
import { Secret } from "../../../components/secret";
import { Table } from "../../../components/table";
import { domainPrefix, UserPool, type UserPoolArgs } from "../../../components/user-pool";
import { evaluate, granted, only, type Registered } from "../program";

const poolArn = "arn:aws:cognito:eu-west-1:123456789012:users";
const deploy = (args: UserPoolArgs = {}, use: (pool: UserPool) => unknown = () => {}) =>
  evaluate(() => {
    use(new UserPool("users", args));
    return {};
  });
const pool = (graph: { resources: Registered[] }) =>
  only(graph, "aws:cognito/userPool:UserPool", "users").inputs;
const client = (graph: { resources: Registered[] }) =>
  only(graph, "aws:cognito/userPoolClient:UserPoolClient", "users-web").inputs;

describe("what users sign in with", () => {
  test.each([
    ["off", "OFF", undefined],
    ["optional", "OPTIONAL", { enabled: true }],
    ["required", "ON", { enabled: true }],
  ] as const)("a second factor that is %s", async (mfa, mfaConfiguration, softwareToken) => {
    const inputs = pool(await deploy({ mfa }));

    expect(inputs.mfaConfiguration).toBe(mfaConfiguration);
    expect(inputs.softwareTokenMfaConfiguration).toEqual(softwareToken);
  });

  test("threats are refused where that is paid for", async () => {
    expect(pool(await deploy())).toMatchObject({
      userPoolTier: "ESSENTIALS",
      userPoolAddOns: { advancedSecurityMode: "OFF" },
    });
    expect(pool(await deploy({ threatProtection: true }))).toMatchObject({
      userPoolTier: "PLUS",
      userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
    });
  });

  test("tokens are good for as long as the program says", async () => {
    expect(client(await deploy({ tokens: { validMinutes: 5, refreshDays: 1 } }))).toMatchObject({
      accessTokenValidity: 5,
      idTokenValidity: 5,
      refreshTokenValidity: 1,
      tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
    });
  });

  test("pages of Cognito's lead back only to pages of ours, by the code flow, and a client keeps no secret", async () => {
    const callbackUrls = ["https://photos.example/signed-in"];
    const logoutUrls = ["https://photos.example/"];

    expect(client(await deploy({ callbackUrls, logoutUrls }))).toMatchObject({
      generateSecret: false,
      allowedOauthFlows: ["code"],
      callbackUrls,
      logoutUrls,
      supportedIdentityProviders: ["COGNITO"],
      preventUserExistenceErrors: "ENABLED",
    });
    expect(client(await deploy())).not.toHaveProperty("allowedOauthFlows");
  });

  test("groups are made as named", async () => {
    const graph = await deploy({ groups: { admins: "May do all" } });

    expect(only(graph, "aws:cognito/userGroup:UserGroup", "users-admins").inputs).toEqual({
      userPoolId: "users-id",
      name: "admins",
      description: "May do all",
    });
  });
});

describe("identity providers", () => {
  const withProviders = (which: (keyof IdentityProviders)[]) =>
    evaluate(() => {
      const key = new EncryptionKey("secrets");
      const credentials = (name: string) => ({
        clientId: `${name}-client`,
        clientSecret: new Secret(`${name}-client-secret`, { key }),
      });
      const all: IdentityProviders = {
        google: credentials("google"),
        facebook: credentials("facebook"),
        oidc: { name: "Work", issuer: "https://id.work.example", ...credentials("oidc") },
      };
      new UserPool("users", {
        callbackUrls: ["https://photos.example/"],
        identityProviders: Object.fromEntries(which.map((name) => [name, all[name]])),
      });
      return {};
    });
  const provider = (graph: { resources: Registered[] }, name: string) =>
    only(graph, "aws:cognito/identityProvider:IdentityProvider", name).inputs;
  /** An input that Pulumi keeps secret, as it sends it. */
  const secret = (value: object) => ({
    [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
    value: expect.objectContaining(value),
  });

  test("of each kind are made with the credentials and attributes they have", async () => {
    const graph = await withProviders(["google", "facebook", "oidc"]);

    expect(provider(graph, "users-google")).toMatchObject({
      userPoolId: "users-id",
      providerType: "Google",
      attributeMapping: { username: "sub", email: "email", email_verified: "email_verified" },
    });
    expect(provider(graph, "users-facebook")).toMatchObject({
      providerType: "Facebook",
      providerDetails: secret({ client_id: "facebook-client", authorize_scopes: "public_profile,email" }),
      attributeMapping: { username: "id", email: "email" },
    });
    expect(provider(graph, "users-work")).toMatchObject({
      providerName: "Work",
      providerType: "OIDC",
      providerDetails: secret({
        client_id: "oidc-client",
        client_secret: "the value of /gallery/test/oidc-client-secret",
        oidc_issuer: "https://id.work.example",
        attributes_request_method: "GET",
      }),
    });
    expect(client(graph).supportedIdentityProviders).toEqual(["COGNITO", "Google", "Facebook", "Work"]);
  });

  test("that are not given are not there, nor is their secret asked for", async () => {
    const graph = await withProviders([]);

    expect(graph.resources.filter(({ type }) => /identityProvider/.test(type))).toEqual([]);
    expect(client(graph).supportedIdentityProviders).toEqual(["COGNITO"]);
  });
});

describe("triggers", () => {
  const same = async <T>(event: T): Promise<T> => event;

  test("are named by the pool, that of tokens in the version which changes access tokens too", async () => {
    const graph = await deploy({}, (users) => {
      users.on("preSignUp", same);
      users.on("postConfirmation", same);
      users.on("preTokenGeneration", same);
    });

    const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:users-${name}`;
    expect(pool(graph).lambdaConfig).toEqual({
      preSignUp: arn("pre-sign-up"),
      postConfirmation: arn("post-confirmation"),
      preTokenGenerationConfig: { lambdaArn: arn("pre-token-generation"), lambdaVersion: "V2_0" },
    });
  });

  test("may be called by this pool, and are cut off when Cognito waits no longer", async () => {
    const graph = await deploy({}, (users) => users.on("preSignUp", same, { memoryMb: 512 }));

    expect(only(graph, "aws:lambda/permission:Permission", "users-pre-sign-up-permission").inputs).toEqual({
      action: "lambda:InvokeFunction",
      function: "users-pre-sign-up",
      principal: "cognito-idp.amazonaws.com",
      sourceArn: poolArn,
    });
    expect(only(graph, "aws:lambda/function:Function", "users-pre-sign-up").inputs).toMatchObject({
      timeout: 5,
      memorySize: 512,
    });
  });

  test("have the rights of their own code", async () => {
    const graph = await deploy({}, (users) => {
      const table = new Table("profiles", { attributes: { id: "S" }, key: { partition: "id" } });
      users.on("postConfirmation", async (event) => {
        await table.sdk.PutItem({ Item: {} });
        return event;
      });
    });

    expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "users-post-confirmation-policy"))).toEqual({
      "dynamodb:PutItem": "arn:aws:dynamodb:eu-west-1:123456789012:profiles",
    });
  });

  test("are absent from a pool that has none", async () => {
    expect(pool(await deploy())).not.toHaveProperty("lambdaConfig");
  });

  test("that come after the pool is described are refused, not lost", async () => {
    const made: UserPool[] = [];
    await deploy({}, (users) => made.push(users));

    expect(() => made[0]?.on("preSignUp", same)).toThrow(/users-pre-sign-up: on\(\) comes too late/);
  });
});

test("who calls methods on the pool may do that on this pool; tokens anybody may ask for", async () => {
  const graph = await deploy({}, ({ sdk }) => {
    new LambdaFunction("list", { handler: async () => sdk.ListUsers({}) });
    new LambdaFunction("delete", { handler: async () => sdk.AdminDeleteUser({ Username: "ann" }) });
    new LambdaFunction("refresh", { handler: async () => sdk.RefreshTokens({ refreshToken: "r" }) });
  });

  const grants = (name: string) => granted(only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`));
  expect(grants("list")).toEqual({ "cognito-idp:ListUsers": poolArn });
  expect(grants("delete")).toEqual({ "cognito-idp:AdminDeleteUser": poolArn });
  expect(grants("refresh")).toEqual({});
});

describe("the prefix of the sign-in domain", () => {
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom("aws", "amazon", "cognito", "a", "ws", "Co", "gnito", "-", "."),
      maxLength: 12,
    }),
  );

  test("is one that Cognito takes, whatever the names are", () => {
    fc.assert(
      fc.property(word, word, fc.string(), (project, stack, poolId) => {
        const prefix = domainPrefix(project, stack, poolId);

        // https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
        expect(prefix).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(prefix).not.toMatch(/aws|amazon|cognito/);
      }),
      { numRuns: 1000 },
    );
  });

  test("is the pool's alone, and the same each time", () => {
    fc.assert(
      fc.property(word, word, fc.string(), fc.string(), (project, stack, one, other) => {
        fc.pre(one !== other);

        expect(domainPrefix(project, stack, one)).toBe(domainPrefix(project, stack, one));
        expect(domainPrefix(project, stack, one)).not.toBe(domainPrefix(project, stack, other));
      }),
    );
  });

  test.each([
    ["gallery", "dev", /^gallery-dev-[\da-f]{12}$/],
    ["My Gallery!", "Prod", /^my-gallery-prod-[\da-f]{12}$/],
    ["aawsws", "x", /^a-ws-x-[\da-f]{12}$/],
    ["aws", "cognito", /^[\da-f]{12}$/],
    ["x".repeat(60), "dev", /^x{50}-[\da-f]{12}$/],
  ])("of %s and %s can be read", (project, stack, expected) => {
    expect(domainPrefix(project, stack, "eu-west-1_AbC")).toMatch(expected);
  });
});
