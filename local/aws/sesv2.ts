import {
  CreateConfigurationSetCommand,
  CreateEmailIdentityCommand,
  DeleteConfigurationSetCommand,
  DeleteEmailIdentityCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  SESv2Client,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sesv2";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { pascal, request } from "./request";
import { retag, type Tags, tagList } from "./tags";

function arnOf(kind: "identity" | "configuration-set", name: string, { region, account }: Place): string {
  return `arn:aws:ses:${region}:${account}:${kind}/${name}`;
}

async function retagAt(
  ResourceArn: string,
  tags: Tags | undefined,
  old: Tags | undefined,
  cloud: Cloud,
): Promise<void> {
  const ses = cloud.client(SESv2Client);
  await retag(tags, old, {
    tag: (changed) => ses.send(new TagResourceCommand({ ResourceArn, Tags: tagList(changed) })),
    untag: (TagKeys) => ses.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
  });
}

async function readIdentity(EmailIdentity: string, cloud: Cloud) {
  const get = new GetEmailIdentityCommand({ EmailIdentity });
  const found = await ifPresent(cloud.client(SESv2Client).send(get));
  const { DkimAttributes: dkim } = found ?? {};
  return (
    found && {
      dkimSigningAttributes: {
        signingAttributesOrigin: dkim?.SigningAttributesOrigin,
        status: dkim?.Status,
        tokens: dkim?.Tokens ?? [],
      },
      identityType: found.IdentityType,
      verificationStatus: found.VerifiedForSendingStatus ? "SUCCESS" : "PENDING",
      verifiedForSendingStatus: found.VerifiedForSendingStatus,
    }
  );
}

/** The emulator takes each identity for verified; nobody here could put records into a DNS or click a link. */
const emailIdentity = resource<aws.sesv2.EmailIdentityArgs>({
  // The emulator changes none of these in place.
  replaceOn: ["configurationSetName", "dkimSigningAttributes", "emailIdentity"],
  outputs: (_id, inputs, place) => ({ arn: arnOf("identity", inputs.emailIdentity, place) }),
  async create(inputs, cloud) {
    const ses = cloud.client(SESv2Client);
    const { configurationSetName: ConfigurationSetName, emailIdentity: EmailIdentity } = inputs;
    const dkim = inputs.dkimSigningAttributes;
    const create = new CreateEmailIdentityCommand(
      request({
        ConfigurationSetName,
        DkimSigningAttributes: dkim && {
          DomainSigningPrivateKey: dkim.domainSigningPrivateKey,
          DomainSigningSelector: dkim.domainSigningSelector,
          NextSigningKeyLength: dkim.nextSigningKeyLength,
        },
        EmailIdentity,
        Tags: tagList(inputs.tags),
      }),
    );
    await createAnew(
      () => ses.send(create),
      () => ses.send(new DeleteEmailIdentityCommand({ EmailIdentity })),
    );
    return { id: EmailIdentity, outputs: await readIdentity(EmailIdentity, cloud) };
  },
  read: (id, _inputs, cloud) => readIdentity(id, cloud),
  async update(id, inputs, old, cloud) {
    await retagAt(arnOf("identity", id, cloud), inputs.tags, old.tags, cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteEmailIdentityCommand({ EmailIdentity: id });
    await ifPresent(cloud.client(SESv2Client).send(remove));
  },
});

const configurationSet = resource<aws.sesv2.ConfigurationSetArgs>({
  outputs: (id, _inputs, place) => ({ arn: arnOf("configuration-set", id, place) }),
  async create(inputs, cloud) {
    const ses = cloud.client(SESv2Client);
    const { configurationSetName: ConfigurationSetName, reputationOptions } = inputs;
    const create = new CreateConfigurationSetCommand(
      request({
        ConfigurationSetName,
        DeliveryOptions: pascal(inputs.deliveryOptions),
        ReputationOptions: reputationOptions && {
          ReputationMetricsEnabled: reputationOptions.reputationMetricsEnabled,
        },
        SendingOptions: pascal(inputs.sendingOptions),
        SuppressionOptions: pascal(inputs.suppressionOptions),
        Tags: tagList(inputs.tags),
        TrackingOptions: pascal(inputs.trackingOptions),
        VdmOptions: pascal(inputs.vdmOptions),
      }),
    );
    await createAnew(
      () => ses.send(create),
      () => ses.send(new DeleteConfigurationSetCommand({ ConfigurationSetName })),
    );
    return { id: ConfigurationSetName };
  },
  async read(id, _inputs, cloud) {
    const get = new GetConfigurationSetCommand({ ConfigurationSetName: id });
    return (await ifPresent(cloud.client(SESv2Client).send(get))) && {};
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteConfigurationSetCommand({ ConfigurationSetName: id });
    await ifPresent(cloud.client(SESv2Client).send(remove));
  },
});

export const sesv2: ServiceTable = {
  "aws:sesv2/emailIdentity:EmailIdentity": emailIdentity,
  "aws:sesv2/configurationSet:ConfigurationSet": configurationSet,
};
