import {
  CognitoIdentityProviderClient,
  DescribeIdentityProviderCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type * as aws from "@pulumi/aws";
import { cognito } from "../../../local/aws/cognito";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;
let userPoolId: string;

beforeAll(async () => {
  stack = await Stack.start(cognito);
  const pool = await stack.create<aws.cognito.UserPoolArgs>("aws:cognito/userPool:UserPool", { name: "p" });
  userPoolId = pool.id;
});

afterAll(() => stack.stop());

const createProvider = (inputs: Omit<Inputs<aws.cognito.IdentityProviderArgs>, "userPoolId">) =>
  stack.create<aws.cognito.IdentityProviderArgs>("aws:cognito/identityProvider:IdentityProvider", {
    userPoolId,
    ...inputs,
  });

async function describeProvider(ProviderName: string) {
  const describe = new DescribeIdentityProviderCommand({ UserPoolId: userPoolId, ProviderName });
  return (await stack.cloud.client(CognitoIdentityProviderClient).send(describe)).IdentityProvider;
}

const app = { client_id: "id", client_secret: "secret", authorize_scopes: "openid email" };

test.each([
  ["Google", "Google", app],
  ["Facebook", "Facebook", { ...app, api_version: "v19.0" }],
  ["Company", "OIDC", { ...app, oidc_issuer: "https://company.example", attributes_request_method: "GET" }],
])("the identity provider %s lives from creation to deletion", async (name, type, details) => {
  // Prepare
  const provider = await createProvider({
    providerName: name,
    providerType: type,
    providerDetails: details,
    attributeMapping: { email: "email" },
    idpIdentifiers: [`${name}.example`],
  });
  const created = await describeProvider(name);

  // Act
  await provider.update({
    providerDetails: { ...details, client_id: "other" },
    attributeMapping: { email: "mail", name: "name" },
    idpIdentifiers: undefined,
  });
  const updated = await describeProvider(name);
  const present = await provider.read();
  await provider.delete();
  await provider.delete();

  // Assess
  expect(provider.id).toBe(`${userPoolId}:${name}`);
  expect(created).toMatchObject({
    AttributeMapping: { email: "email" },
    IdpIdentifiers: [`${name}.example`],
    ProviderDetails: details,
    ProviderType: type,
  });
  expect(updated).toMatchObject({
    AttributeMapping: { email: "mail", name: "name" },
    IdpIdentifiers: [],
    ProviderDetails: { ...details, client_id: "other" },
  });
  expect(present).toEqual({});
  expect(await provider.read()).toBeUndefined();
});

test("an identity provider that an interrupted run left is replaced", async () => {
  // Prepare
  await createProvider({ providerName: "Left", providerType: "Google", providerDetails: app });

  // Act
  await createProvider({ providerName: "Left", providerType: "Facebook", providerDetails: app });

  // Assess
  expect(await describeProvider("Left")).toMatchObject({ ProviderType: "Facebook" });
});
