import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolDomainCommand,
  DeleteGroupCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolDomainCommand,
  GetGroupCommand,
  paginateListUsersInGroup,
  UpdateUserPoolClientCommand,
  UpdateUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { identityProvider } from "./cognito-identity-provider";
import { userPool } from "./cognito-user-pool";
import { createAnew, ifPresent } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";

/** All settings of a client, the lists never left out: an update is to undo what is no longer given. */
function clientSettings(inputs: Inputs<aws.cognito.UserPoolClientArgs>) {
  return {
    AccessTokenValidity: inputs.accessTokenValidity,
    AllowedOAuthFlows: inputs.allowedOauthFlows ?? [],
    AllowedOAuthFlowsUserPoolClient: inputs.allowedOauthFlowsUserPoolClient ?? false,
    AllowedOAuthScopes: inputs.allowedOauthScopes ?? [],
    AnalyticsConfiguration: pascal(inputs.analyticsConfiguration),
    AuthSessionValidity: inputs.authSessionValidity,
    CallbackURLs: inputs.callbackUrls ?? [],
    ClientName: inputs.name,
    DefaultRedirectURI: inputs.defaultRedirectUri,
    EnablePropagateAdditionalUserContextData: inputs.enablePropagateAdditionalUserContextData,
    EnableTokenRevocation: inputs.enableTokenRevocation ?? true,
    ExplicitAuthFlows: inputs.explicitAuthFlows ?? [],
    IdTokenValidity: inputs.idTokenValidity,
    LogoutURLs: inputs.logoutUrls ?? [],
    PreventUserExistenceErrors: inputs.preventUserExistenceErrors,
    ReadAttributes: inputs.readAttributes,
    RefreshTokenRotation: pascal(inputs.refreshTokenRotation),
    RefreshTokenValidity: inputs.refreshTokenValidity ?? 30,
    SupportedIdentityProviders: inputs.supportedIdentityProviders ?? [],
    TokenValidityUnits: pascal(inputs.tokenValidityUnits),
    UserPoolId: inputs.userPoolId,
    WriteAttributes: inputs.writeAttributes,
  } satisfies Fields<CreateUserPoolClientCommandInput>;
}

const userPoolClient = resource<aws.cognito.UserPoolClientArgs>({
  nameProperty: "name",
  replaceOn: ["userPoolId", "generateSecret"],
  outputs: () => ({ clientSecret: "" }),
  async create(inputs, cloud) {
    const GenerateSecret = inputs.generateSecret ?? false;
    const create = new CreateUserPoolClientCommand(request({ ...clientSettings(inputs), GenerateSecret }));
    const { UserPoolClient: made } = await cloud.client(CognitoIdentityProviderClient).send(create);
    return { id: made?.ClientId ?? "", outputs: { clientSecret: made?.ClientSecret ?? "" } };
  },
  async read(id, { userPoolId: UserPoolId }, cloud) {
    const describe = new DescribeUserPoolClientCommand({ UserPoolId, ClientId: id });
    const found = await ifPresent(cloud.client(CognitoIdentityProviderClient).send(describe));
    return found && { clientSecret: found.UserPoolClient?.ClientSecret ?? "" };
  },
  async update(id, inputs, _old, cloud) {
    const update = new UpdateUserPoolClientCommand(request({ ...clientSettings(inputs), ClientId: id }));
    const { UserPoolClient: made } = await cloud.client(CognitoIdentityProviderClient).send(update);
    return { clientSecret: made?.ClientSecret ?? "" };
  },
  async delete(id, { userPoolId: UserPoolId }, cloud) {
    const remove = new DeleteUserPoolClientCommand({ UserPoolId, ClientId: id });
    await ifPresent(cloud.client(CognitoIdentityProviderClient).send(remove));
  },
});

type GroupInputs = Inputs<aws.cognito.UserGroupArgs>;

function groupKey({ userPoolId: UserPoolId, name: GroupName }: GroupInputs) {
  return { UserPoolId, GroupName };
}

async function createGroup(inputs: GroupInputs, cloud: Cloud): Promise<void> {
  const cognito = cloud.client(CognitoIdentityProviderClient);
  const { description: Description, precedence: Precedence, roleArn: RoleArn } = inputs;
  await createAnew(
    () => cognito.send(new CreateGroupCommand({ ...groupKey(inputs), Description, Precedence, RoleArn })),
    () => cognito.send(new DeleteGroupCommand(groupKey(inputs))),
  );
}

const userGroup = resource<aws.cognito.UserGroupArgs>({
  nameProperty: "name",
  replaceOn: ["userPoolId", "name"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    await createGroup(inputs, cloud);
    return { id: `${inputs.userPoolId}/${nameOf(inputs)}` };
  },
  async read(_id, inputs, cloud) {
    const get = new GetGroupCommand(groupKey(inputs));
    return (await ifPresent(cloud.client(CognitoIdentityProviderClient).send(get))) && {};
  },
  // The emulator has no UpdateGroup: the group is made anew and its members join again.
  async update(_id, inputs, _old, cloud) {
    const client = cloud.client(CognitoIdentityProviderClient);
    const members: (string | undefined)[] = [];
    for await (const { Users = [] } of paginateListUsersInGroup({ client }, groupKey(inputs))) {
      members.push(...Users.map(({ Username }) => Username));
    }
    await createGroup(inputs, cloud);
    for (const Username of members) {
      await client.send(new AdminAddUserToGroupCommand({ ...groupKey(inputs), Username }));
    }
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new DeleteGroupCommand(groupKey(inputs));
    await ifPresent(cloud.client(CognitoIdentityProviderClient).send(remove));
  },
});

type DomainInputs = Inputs<aws.cognito.UserPoolDomainArgs>;

function domainSettings(inputs: DomainInputs) {
  const { certificateArn: CertificateArn } = inputs;
  return {
    CustomDomainConfig: CertificateArn ? { CertificateArn } : undefined,
    Domain: inputs.domain,
    ManagedLoginVersion: inputs.managedLoginVersion,
    UserPoolId: inputs.userPoolId,
  };
}

async function readDomain(Domain: string, cloud: Cloud) {
  const describe = new DescribeUserPoolDomainCommand({ Domain });
  const { DomainDescription: found } = await cloud.client(CognitoIdentityProviderClient).send(describe);
  if (!found?.UserPoolId) return undefined;
  return {
    userPoolId: found.UserPoolId,
    outputs: {
      awsAccountId: found.AWSAccountId,
      cloudfrontDistribution: found.CloudFrontDistribution,
      cloudfrontDistributionArn: found.CloudFrontDistribution,
      managedLoginVersion: found.ManagedLoginVersion,
      s3Bucket: found.S3Bucket,
      version: found.Version,
    },
  };
}

const userPoolDomain = resource<aws.cognito.UserPoolDomainArgs>({
  replaceOn: ["domain", "userPoolId"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    const cognito = cloud.client(CognitoIdentityProviderClient);
    const Domain = inputs.domain;
    // AWS has no error of its own for a domain that exists, which a run that broke off has left.
    const left = await readDomain(Domain, cloud);
    if (left) await cognito.send(new DeleteUserPoolDomainCommand({ Domain, UserPoolId: left.userPoolId }));
    await cognito.send(new CreateUserPoolDomainCommand(domainSettings(inputs)));
    return { id: Domain, outputs: (await readDomain(Domain, cloud))?.outputs };
  },
  async read(id, _inputs, cloud) {
    return (await readDomain(id, cloud))?.outputs;
  },
  async update(id, inputs, _old, cloud) {
    const update = new UpdateUserPoolDomainCommand(domainSettings(inputs));
    await cloud.client(CognitoIdentityProviderClient).send(update);
    return (await readDomain(id, cloud))?.outputs;
  },
  async delete(id, { userPoolId: UserPoolId }, cloud) {
    const remove = new DeleteUserPoolDomainCommand({ Domain: id, UserPoolId });
    await ifPresent(cloud.client(CognitoIdentityProviderClient).send(remove));
  },
});

export const cognito: ServiceTable = {
  "aws:cognito/userPool:UserPool": userPool,
  "aws:cognito/userPoolClient:UserPoolClient": userPoolClient,
  "aws:cognito/userGroup:UserGroup": userGroup,
  "aws:cognito/userPoolDomain:UserPoolDomain": userPoolDomain,
  "aws:cognito/identityProvider:IdentityProvider": identityProvider,
};
