import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  PutResourcePolicyCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent, refuse } from "./faults";
import { nameOf, pascal } from "./request";
import { retag, tagList } from "./tags";

type SecretInputs = Inputs<aws.secretsmanager.SecretArgs>;

/** The key of a secret that names none. */
const defaultKey = "alias/aws/secretsmanager";
/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
const defaultRecoveryDays = 30;
/** AWS ends the ARN of each secret with six characters of its own; these stand for them in a plan. */
const plannedEnding = "0a1b2c";

/** Undefined also for a secret that waits for its deletion. */
async function describe(SecretId: string, cloud: Cloud): Promise<DescribeSecretCommandOutput | undefined> {
  const found = await ifPresent(
    cloud.client(SecretsManagerClient).send(new DescribeSecretCommand({ SecretId })),
  );
  return found?.DeletedDate === undefined ? found : undefined;
}

async function putPolicy(SecretId: string, ResourcePolicy: string, cloud: Cloud): Promise<void> {
  await cloud
    .client(SecretsManagerClient)
    .send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy: false }));
}

function checkInputs(inputs: SecretInputs): void {
  const type = "aws:secretsmanager/secret:Secret";
  refuse(type, inputs, ["replicas"], "It has one region.");
  refuse(type, inputs, ["type"], "It has no partner to rotate secrets of.");
}

const secret = resource<aws.secretsmanager.SecretArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "type"],
  outputs: (id, inputs, { region, account }) => ({
    arn: id.startsWith("arn:")
      ? id
      : `arn:aws:secretsmanager:${region}:${account}:secret:${inputs.name}-${plannedEnding}`,
    policy: inputs.policy ?? "",
    recoveryWindowInDays: inputs.recoveryWindowInDays ?? defaultRecoveryDays,
  }),
  async create(inputs, cloud) {
    checkInputs(inputs);
    const secrets = cloud.client(SecretsManagerClient);
    const Name = nameOf(inputs);
    const create = new CreateSecretCommand({
      Name,
      Description: inputs.description,
      KmsKeyId: inputs.kmsKeyId,
      Tags: tagList(inputs.tags),
    });
    const { ARN: id = "" } = await createAnew(
      () => secrets.send(create),
      () => secrets.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true })),
    );
    if (inputs.policy) await putPolicy(id, inputs.policy, cloud);
    return { id };
  },
  async read(id, _inputs, cloud) {
    return (await describe(id, cloud)) && {};
  },
  async update(id, inputs, old, cloud) {
    checkInputs(inputs);
    const secrets = cloud.client(SecretsManagerClient);
    const settings = {
      Description: inputs.description ?? "",
      KmsKeyId: inputs.kmsKeyId ?? (old.kmsKeyId && defaultKey),
    };
    await secrets.send(new UpdateSecretCommand({ SecretId: id, ...settings }));
    if (inputs.policy) await putPolicy(id, inputs.policy, cloud);
    else if (old.policy) await secrets.send(new DeleteResourcePolicyCommand({ SecretId: id }));
    await retag(inputs.tags, old.tags, {
      tag: (tags) => secrets.send(new TagResourceCommand({ SecretId: id, Tags: tagList(tags) })),
      untag: (TagKeys) => secrets.send(new UntagResourceCommand({ SecretId: id, TagKeys })),
    });
    return {};
  },
  async delete(id, { recoveryWindowInDays = defaultRecoveryDays }, cloud) {
    if (!(await describe(id, cloud))) return;
    const how =
      recoveryWindowInDays === 0
        ? { ForceDeleteWithoutRecovery: true }
        : { RecoveryWindowInDays: recoveryWindowInDays };
    await cloud.client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId: id, ...how }));
  },
});

type RotationInputs = Inputs<aws.secretsmanager.SecretRotationArgs>;

async function rotate(inputs: RotationInputs, cloud: Cloud): Promise<void> {
  await cloud.client(SecretsManagerClient).send(
    new RotateSecretCommand({
      SecretId: inputs.secretId,
      RotateImmediately: inputs.rotateImmediately ?? true,
      RotationLambdaARN: inputs.rotationLambdaArn,
      RotationRules: pascal(inputs.rotationRules),
    }),
  );
}

const secretRotation = resource<aws.secretsmanager.SecretRotationArgs>({
  replaceOn: ["secretId"],
  outputs: (_id, inputs) => ({
    rotateImmediately: inputs.rotateImmediately ?? true,
    rotationEnabled: true,
  }),
  async create(inputs, cloud) {
    await rotate(inputs, cloud);
    return { id: inputs.secretId };
  },
  async read(id, _inputs, cloud) {
    return (await describe(id, cloud))?.RotationEnabled ? {} : undefined;
  },
  async update(_id, inputs, _old, cloud) {
    await rotate(inputs, cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    if (!(await describe(id, cloud))) return;
    await cloud.client(SecretsManagerClient).send(new CancelRotateSecretCommand({ SecretId: id }));
  },
});

export const secretsmanager: ServiceTable = {
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretRotation:SecretRotation": secretRotation,
};
