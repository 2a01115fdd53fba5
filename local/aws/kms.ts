import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { nameOf, request } from "./request";
import { retag, type Tags, tagList } from "./tags";

type KeyInputs = Inputs<aws.kms.KeyArgs>;

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
const defaultRotationDays = 365;

/** Tags as this service alone names their parts. */
function keyTags(tags: Tags | undefined) {
  return tagList(tags)?.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
}

/** The policy of a key that is made without one: the account's IAM policies decide. */
function defaultPolicy({ account }: Place): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

async function setRotation(KeyId: string, inputs: KeyInputs, cloud: Cloud): Promise<void> {
  const RotationPeriodInDays = inputs.rotationPeriodInDays;
  await cloud
    .client(KMSClient)
    .send(
      inputs.enableKeyRotation
        ? new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays })
        : new DisableKeyRotationCommand({ KeyId }),
    );
}

async function setEnabled(KeyId: string, { isEnabled }: KeyInputs, cloud: Cloud): Promise<void> {
  await cloud
    .client(KMSClient)
    .send(isEnabled === false ? new DisableKeyCommand({ KeyId }) : new EnableKeyCommand({ KeyId }));
}

const key = resource<aws.kms.KeyArgs>({
  replaceOn: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  outputs: (id, inputs, place) => ({
    arn: `arn:aws:kms:${place.region}:${place.account}:key/${id}`,
    customerMasterKeySpec: inputs.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT",
    description: inputs.description ?? "",
    enableKeyRotation: inputs.enableKeyRotation ?? false,
    isEnabled: inputs.isEnabled ?? true,
    keyId: id,
    keyUsage: inputs.keyUsage ?? "ENCRYPT_DECRYPT",
    multiRegion: inputs.multiRegion ?? false,
    policy: inputs.policy ?? defaultPolicy(place),
    rotationPeriodInDays: inputs.rotationPeriodInDays ?? defaultRotationDays,
  }),
  async create(inputs, cloud) {
    const create = new CreateKeyCommand(
      request({
        BypassPolicyLockoutSafetyCheck: inputs.bypassPolicyLockoutSafetyCheck,
        CustomKeyStoreId: inputs.customKeyStoreId,
        Description: inputs.description,
        KeySpec: inputs.customerMasterKeySpec,
        KeyUsage: inputs.keyUsage,
        MultiRegion: inputs.multiRegion,
        Policy: inputs.policy,
        Tags: keyTags(inputs.tags),
        XksKeyId: inputs.xksKeyId,
      }),
    );
    const { KeyMetadata } = await cloud.client(KMSClient).send(create);
    const id = KeyMetadata?.KeyId ?? "";
    if (inputs.enableKeyRotation) await setRotation(id, inputs, cloud);
    if (inputs.isEnabled === false) await setEnabled(id, inputs, cloud);
    return { id };
  },
  async read(id, _inputs, cloud) {
    const found = await ifPresent(cloud.client(KMSClient).send(new DescribeKeyCommand({ KeyId: id })));
    return found?.KeyMetadata?.DeletionDate === undefined ? found && {} : undefined;
  },
  async update(id, inputs, old, cloud) {
    const kms = cloud.client(KMSClient);
    const isToggled = inputs.isEnabled !== old.isEnabled;
    // A disabled key takes no other change.
    if (isToggled && inputs.isEnabled !== false) await setEnabled(id, inputs, cloud);
    if (inputs.description !== old.description) {
      await kms.send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: inputs.description ?? "" }));
    }
    if (inputs.policy !== old.policy) {
      const Policy = inputs.policy ?? defaultPolicy(cloud);
      await kms.send(new PutKeyPolicyCommand({ KeyId: id, Policy }));
    }
    if (
      inputs.enableKeyRotation !== old.enableKeyRotation ||
      inputs.rotationPeriodInDays !== old.rotationPeriodInDays
    ) {
      await setRotation(id, inputs, cloud);
    }
    if (isToggled && inputs.isEnabled === false) await setEnabled(id, inputs, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (tags) => kms.send(new TagResourceCommand({ KeyId: id, Tags: keyTags(tags) })),
      untag: (TagKeys) => kms.send(new UntagResourceCommand({ KeyId: id, TagKeys })),
    });
    return {};
  },
  async delete(id, inputs, cloud) {
    const PendingWindowInDays = inputs.deletionWindowInDays;
    const remove = new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays });
    await ifPresent(cloud.client(KMSClient).send(remove));
  },
});

/** A generated name has no `alias/`, which the name of every alias begins with. */
function aliasName(inputs: Inputs<aws.kms.AliasArgs>): string {
  const name = nameOf(inputs);
  return name.startsWith("alias/") ? name : `alias/${name}`;
}

function keyArn(key: string, { region, account }: Place): string {
  return key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${account}:key/${key}`;
}

const alias = resource<aws.kms.AliasArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix"],
  outputs: (_id, inputs, place) => ({
    arn: `arn:aws:kms:${place.region}:${place.account}:${aliasName(inputs)}`,
    name: aliasName(inputs),
    targetKeyArn: keyArn(inputs.targetKeyId, place),
  }),
  async create(inputs, cloud) {
    const kms = cloud.client(KMSClient);
    const AliasName = aliasName(inputs);
    await createAnew(
      () => kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: inputs.targetKeyId })),
      () => kms.send(new DeleteAliasCommand({ AliasName })),
    );
    return { id: AliasName };
  },
  async read(id, _inputs, cloud) {
    const { Aliases } = await cloud.client(KMSClient).send(new ListAliasesCommand());
    return Aliases?.some(({ AliasName }) => AliasName === id) ? {} : undefined;
  },
  async update(id, { targetKeyId: TargetKeyId }, _old, cloud) {
    await cloud.client(KMSClient).send(new UpdateAliasCommand({ AliasName: id, TargetKeyId }));
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(KMSClient).send(new DeleteAliasCommand({ AliasName: id })));
  },
});

export const kms: ServiceTable = {
  "aws:kms/key:Key": key,
  "aws:kms/alias:Alias": alias,
};
