import { isDeepStrictEqual } from "node:util";
import {
  AddCustomAttributesCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource } from "../engine/resource";
import { ifPresent } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";
import { retag } from "./tags";

type PoolInputs = Inputs<aws.cognito.UserPoolArgs>;

/** The settings that CreateUserPool and UpdateUserPool both take; an update undoes what it is not given. */
function poolSettings(inputs: PoolInputs) {
  const { emailConfiguration: email, lambdaConfig, passwordPolicy, signInPolicy, smsConfiguration } = inputs;
  return {
    AccountRecoverySetting: pascal(inputs.accountRecoverySetting),
    AdminCreateUserConfig: pascal(inputs.adminCreateUserConfig),
    AutoVerifiedAttributes: inputs.autoVerifiedAttributes ?? [],
    DeletionProtection: inputs.deletionProtection ?? "INACTIVE",
    DeviceConfiguration: pascal(inputs.deviceConfiguration),
    EmailConfiguration: email && {
      ConfigurationSet: email.configurationSet,
      EmailSendingAccount: email.emailSendingAccount,
      From: email.fromEmailAddress,
      ReplyToEmailAddress: email.replyToEmailAddress,
      SourceArn: email.sourceArn,
    },
    EmailVerificationMessage: inputs.emailVerificationMessage,
    EmailVerificationSubject: inputs.emailVerificationSubject,
    LambdaConfig: { ...pascal(lambdaConfig), KMSKeyID: lambdaConfig?.kmsKeyId },
    Policies: (passwordPolicy || signInPolicy) && {
      PasswordPolicy: pascal(passwordPolicy),
      SignInPolicy: pascal(signInPolicy),
    },
    SmsAuthenticationMessage: inputs.smsAuthenticationMessage,
    SmsConfiguration: pascal(smsConfiguration),
    SmsVerificationMessage: inputs.smsVerificationMessage,
    UserAttributeUpdateSettings: inputs.userAttributeUpdateSettings && {
      AttributesRequireVerificationBeforeUpdate:
        inputs.userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdates,
    },
    UserPoolAddOns: pascal(inputs.userPoolAddOns),
    UserPoolTier: inputs.userPoolTier,
    VerificationMessageTemplate: pascal(inputs.verificationMessageTemplate),
  } satisfies Fields<UpdateUserPoolCommandInput>;
}

/** The schema as the provider sends it: an attribute is immutable unless the program says otherwise. */
function schema(attributes: PoolInputs["schemas"]) {
  return attributes?.map(
    ({ developerOnlyAttribute = false, mutable = false, required = false, ...attribute }) => ({
      ...pascal(attribute),
      DeveloperOnlyAttribute: developerOnlyAttribute,
      Mutable: mutable,
      Required: required,
    }),
  );
}

/** A user pool keeps every attribute it ever had, unchanged; AWS refuses all else. */
export class SchemaChange extends Error {
  constructor(pool: string, attribute: string) {
    super(
      `User pool ${pool}: attribute "${attribute}" cannot be changed or removed once the pool has it. ` +
        "Put it back, or give the pool another name to replace it, which loses its users.",
    );
    this.name = "SchemaChange";
  }
}

async function addAttributes(
  UserPoolId: string,
  inputs: PoolInputs,
  old: PoolInputs,
  cloud: Cloud,
): Promise<void> {
  const wanted = new Map(schema(inputs.schemas)?.map((attribute) => [attribute.Name, attribute]));
  for (const had of schema(old.schemas) ?? []) {
    if (!isDeepStrictEqual(wanted.get(had.Name), had)) throw new SchemaChange(UserPoolId, had.Name);
    wanted.delete(had.Name);
  }
  if (wanted.size === 0) return;
  const add = new AddCustomAttributesCommand(request({ UserPoolId, CustomAttributes: [...wanted.values()] }));
  await cloud.client(CognitoIdentityProviderClient).send(add);
}

function mfaSettings(inputs: PoolInputs) {
  const { smsConfiguration } = inputs;
  return {
    EmailMfaConfiguration: pascal(inputs.emailMfaConfiguration),
    MfaConfiguration: inputs.mfaConfiguration ?? "OFF",
    SmsMfaConfiguration: smsConfiguration && {
      SmsAuthenticationMessage: inputs.smsAuthenticationMessage,
      SmsConfiguration: pascal(smsConfiguration),
    },
    SoftwareTokenMfaConfiguration: pascal(inputs.softwareTokenMfaConfiguration),
    WebAuthnConfiguration: pascal(inputs.webAuthnConfiguration),
  } satisfies Fields<SetUserPoolMfaConfigCommandInput>;
}

async function setMfa(UserPoolId: string, inputs: PoolInputs, old: PoolInputs, cloud: Cloud): Promise<void> {
  if (isDeepStrictEqual(mfaSettings(inputs), mfaSettings(old))) return;
  const set = new SetUserPoolMfaConfigCommand(request({ ...mfaSettings(inputs), UserPoolId }));
  await cloud.client(CognitoIdentityProviderClient).send(set);
}

function poolArn(id: string, { region, account }: Place): string {
  return `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`;
}

async function readPool(UserPoolId: string, cloud: Cloud) {
  const describe = new DescribeUserPoolCommand({ UserPoolId });
  const pool = (await ifPresent(cloud.client(CognitoIdentityProviderClient).send(describe)))?.UserPool;
  return (
    pool && {
      creationDate: pool.CreationDate?.toISOString(),
      customDomain: pool.CustomDomain,
      domain: pool.Domain,
    }
  );
}

export const userPool = resource<aws.cognito.UserPoolArgs>({
  nameProperty: "name",
  replaceOn: ["name", "aliasAttributes", "usernameAttributes", "usernameConfiguration"],
  outputs: (id, _inputs, place) => ({
    arn: poolArn(id, place),
    // Also in the local cloud: tokens name this issuer, and authorizers compare it.
    endpoint: `cognito-idp.${place.region}.amazonaws.com/${id}`,
  }),
  async create(inputs, cloud) {
    const create = new CreateUserPoolCommand(
      request({
        ...poolSettings(inputs),
        PoolName: nameOf(inputs),
        AliasAttributes: inputs.aliasAttributes,
        Schema: schema(inputs.schemas),
        UserPoolTags: inputs.tags,
        UsernameAttributes: inputs.usernameAttributes,
        UsernameConfiguration: inputs.usernameConfiguration && {
          CaseSensitive: inputs.usernameConfiguration.caseSensitive ?? false,
        },
      }),
    );
    const { UserPool } = await cloud.client(CognitoIdentityProviderClient).send(create);
    const id = UserPool?.Id ?? "";
    await setMfa(id, inputs, {}, cloud);
    return { id, outputs: await readPool(id, cloud) };
  },
  read: (id, _inputs, cloud) => readPool(id, cloud),
  async update(id, inputs, old, cloud) {
    const cognito = cloud.client(CognitoIdentityProviderClient);
    await addAttributes(id, inputs, old, cloud);
    await cognito.send(new UpdateUserPoolCommand(request({ ...poolSettings(inputs), UserPoolId: id })));
    await setMfa(id, inputs, old, cloud);
    const ResourceArn = poolArn(id, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (Tags) => cognito.send(new TagResourceCommand({ ResourceArn, Tags })),
      untag: (TagKeys) => cognito.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    });
    return readPool(id, cloud);
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(
      cloud.client(CognitoIdentityProviderClient).send(new DeleteUserPoolCommand({ UserPoolId: id })),
    );
  },
});
