import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type * as aws from "@pulumi/aws";
import { secretsmanager } from "../../../local/aws/secretsmanager";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(secretsmanager);
});

afterAll(() => stack.stop());

const createSecret = (inputs: Inputs<aws.secretsmanager.SecretArgs>) =>
  stack.create<aws.secretsmanager.SecretArgs>("aws:secretsmanager/secret:Secret", inputs);

const client = () => stack.cloud.client(SecretsManagerClient);

const describeSecret = (SecretId: string) => client().send(new DescribeSecretCommand({ SecretId }));

async function policyOf(SecretId: string) {
  return (await client().send(new GetResourcePolicyCommand({ SecretId }))).ResourcePolicy;
}

const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Principal: "*", Action: "secretsmanager:DeleteSecret", Resource: "*" }],
});

test("a secret lives from creation to deletion", async () => {
  // Prepare
  const secret = await createSecret({
    name: "gallery/dev/life",
    description: "of life",
    kmsKeyId: "alias/gallery",
    policy,
    recoveryWindowInDays: 0,
    tags: { a: "1", b: "2" },
  });
  const created = await describeSecret(secret.id);
  const createdPolicy = await policyOf(secret.id);

  // Act
  await secret.update({
    description: undefined,
    kmsKeyId: undefined,
    policy: undefined,
    tags: { b: "3" },
  });
  const updated = await describeSecret(secret.id);
  const updatedPolicy = await policyOf(secret.id);
  const present = await secret.read();
  await secret.delete();
  await secret.delete();

  // Assess
  expect(secret.id).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:gallery\/dev\/life-.{6}$/);
  expect(secret.outputs.arn).toBe(secret.id);
  expect(created).toMatchObject({ Description: "of life", KmsKeyId: "alias/gallery" });
  expect(createdPolicy).toBe(policy);
  expect(updated).toMatchObject({
    Description: "",
    KmsKeyId: "alias/aws/secretsmanager",
    Tags: [{ Key: "b", Value: "3" }],
  });
  expect(updatedPolicy).toBeUndefined();
  expect(present).toEqual({});
  await expect(describeSecret(secret.id)).rejects.toThrow("can't find");
});

test("a secret with a recovery window waits for its deletion, and makes room for one of its name", async () => {
  // Prepare
  const secret = await createSecret({ name: "left", recoveryWindowInDays: 7 });

  // Act
  await secret.delete();
  await secret.delete();
  const waiting = await describeSecret(secret.id);
  const gone = await secret.read();
  const next = await createSecret({ name: "left" });

  // Assess
  const days = (Number(waiting.DeletedDate) - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(7, 1);
  expect(gone).toBeUndefined();
  expect(next.id).not.toBe(secret.id);
  expect(await next.read()).toEqual({});
});

test("a plan has an ARN before the secret is there", async () => {
  const { outputs } = secretsmanager["aws:secretsmanager/secret:Secret"] ?? {};

  expect(outputs?.("planned", { name: "planned" }, stack.cloud)).toMatchObject({
    arn: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:planned-\w{6}$/),
  });
});

test("a secret that would need another region is refused", async () => {
  const creation = createSecret({ name: "far", replicas: [{ region: "eu-west-1" }] });

  await expect(creation).rejects.toThrow('the local cloud has no "replicas"');
});

test("a rotation lives from creation to deletion", async () => {
  // Prepare
  const secret = await createSecret({ name: "rotated" });
  const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  const rotation = await stack.create<aws.secretsmanager.SecretRotationArgs>(
    "aws:secretsmanager/secretRotation:SecretRotation",
    {
      secretId: secret.id,
      rotationLambdaArn: arn("rotate"),
      rotationRules: { automaticallyAfterDays: 30 },
    },
  );
  const created = await describeSecret(secret.id);

  // Act
  await rotation.update({
    rotationLambdaArn: arn("renew"),
    rotationRules: { scheduleExpression: "rate(10 days)", duration: "3h" },
  });
  const updated = await describeSecret(secret.id);
  const present = await rotation.read();
  await rotation.delete();
  const { RotationEnabled } = await describeSecret(secret.id);
  const afterwards = await rotation.read();
  await secret.delete();
  await rotation.delete();

  // Assess
  expect(rotation).toMatchObject({ id: secret.id, outputs: { rotationEnabled: true } });
  expect(created).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: arn("rotate"),
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
  expect(updated).toMatchObject({
    RotationLambdaARN: arn("renew"),
    RotationRules: { ScheduleExpression: "rate(10 days)", Duration: "3h" },
  });
  expect(present).toEqual({});
  expect(RotationEnabled).toBe(false);
  expect(afterwards).toBeUndefined();
});
