import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import type * as aws from "@pulumi/aws";
import { kms } from "../../../local/aws/kms";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(kms);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(KMSClient);

const createKey = (inputs: Inputs<aws.kms.KeyArgs>) =>
  stack.create<aws.kms.KeyArgs>("aws:kms/key:Key", inputs);

const createAlias = (inputs: Inputs<aws.kms.AliasArgs>) =>
  stack.create<aws.kms.AliasArgs>("aws:kms/alias:Alias", inputs);

async function stateOf(KeyId: string) {
  const { KeyMetadata } = await client().send(new DescribeKeyCommand({ KeyId }));
  const rotation = await client().send(new GetKeyRotationStatusCommand({ KeyId }));
  const { Policy = "" } = await client().send(new GetKeyPolicyCommand({ KeyId }));
  const { Tags } = await client().send(new ListResourceTagsCommand({ KeyId }));
  return {
    arn: KeyMetadata?.Arn,
    description: KeyMetadata?.Description,
    isEnabled: KeyMetadata?.Enabled,
    policy: JSON.parse(Policy),
    rotation: rotation.KeyRotationEnabled && rotation.RotationPeriodInDays,
    tags: Tags,
  };
}

test("a key lives from creation to deletion", async () => {
  // Prepare
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" }],
  };
  const key = await createKey({
    description: "first",
    deletionWindowInDays: 7,
    enableKeyRotation: true,
    rotationPeriodInDays: 90,
    tags: { a: "1", b: "2" },
  });
  const created = await stateOf(key.id);

  // Act
  await key.update({
    description: undefined,
    enableKeyRotation: undefined,
    policy: JSON.stringify(policy),
    tags: { b: "3" },
  });
  const updated = await stateOf(key.id);
  await key.update({ isEnabled: false, policy: undefined });
  const disabled = await stateOf(key.id);
  await key.update({ isEnabled: undefined });
  const enabled = await stateOf(key.id);
  const present = await key.read();
  await key.delete();
  await key.delete();

  // Assess
  expect(key.outputs).toMatchObject({ arn: created.arn, keyId: key.id, rotationPeriodInDays: 90 });
  expect(created).toMatchObject({ description: "first", isEnabled: true, rotation: 90 });
  expect(created.policy).toEqual(JSON.parse(String(key.outputs.policy)));
  expect(updated).toMatchObject({ description: "", policy, rotation: false });
  expect(updated.tags).toEqual([{ TagKey: "b", TagValue: "3" }]);
  expect(disabled).toMatchObject({ isEnabled: false, policy: created.policy });
  expect(enabled.isEnabled).toBe(true);
  expect(present).toEqual({});
  expect(await key.read()).toBeUndefined();
});

test("an alias names one key, then another", async () => {
  // Prepare
  const one = await createKey({});
  const other = await createKey({});
  const alias = await createAlias({ name: "alias/gallery", targetKeyId: one.id });
  const encrypt = new EncryptCommand({ KeyId: "alias/gallery", Plaintext: Buffer.from("word") });

  // Act
  const { KeyId: first, CiphertextBlob } = await client().send(encrypt);
  const { Plaintext } = await client().send(new DecryptCommand({ CiphertextBlob }));
  await alias.update({ targetKeyId: other.id });
  const { KeyId: second } = await client().send(encrypt);
  const present = await alias.read();
  await alias.delete();
  await alias.delete();

  // Assess
  expect(alias).toMatchObject({
    id: "alias/gallery",
    outputs: { arn: "arn:aws:kms:us-east-1:000000000000:alias/gallery", targetKeyArn: one.outputs.arn },
  });
  expect([first, second]).toEqual([one.outputs.arn, other.outputs.arn]);
  expect(Buffer.from(Plaintext ?? []).toString()).toBe("word");
  expect(present).toEqual({});
  expect(await alias.read()).toBeUndefined();
});

test("an alias without a name gets one that AWS takes, also where an interrupted run left it", async () => {
  // Prepare
  const key = await createKey({});
  await createAlias({ targetKeyId: key.id });

  // Act
  const alias = await createAlias({ targetKeyId: String(key.outputs.arn) });

  // Assess
  const { Aliases } = await client().send(new ListAliasesCommand({ KeyId: key.id }));
  expect(Aliases).toMatchObject([{ AliasName: "alias/test-0a1b2c3", AliasArn: alias.outputs.arn }]);
  expect(alias.outputs).toMatchObject({ name: alias.id, targetKeyArn: key.outputs.arn });
});
