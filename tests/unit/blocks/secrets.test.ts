import * as pulumi from "@pulumi/pulumi";
import { DeadLetters } from "../../../components/dead-letters";
import { EncryptionKey } from "../../../components/encryption-key";
import { LambdaFunction } from "../../../components/function";
import { RotatingSecret, type RotatingSecretArgs } from "../../../components/rotating-secret";
import { Secret } from "../../../components/secret";
import { evaluate, only } from "../program";
import { statementsOf } from "./statements";

const keyArn = "arn:aws:kms:eu-west-1:123456789012:secrets";
const parameterArn = "arn:aws:ssm:eu-west-1:123456789012:parameter/gallery/test/mail-key";
const signingArn = "arn:aws:secretsmanager:eu-west-1:123456789012:signing";

test("a key is renewed, kept for a month when deleted, and has a name that commands use", async () => {
  const graph = await evaluate(() => {
    const key = new EncryptionKey("secrets");
    return { alias: key.alias, arn: key.arn };
  });

  expect(only(graph, "aws:kms/key:Key", "secrets").inputs).toEqual({
    description: "secrets of gallery test",
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  expect(only(graph, "aws:kms/alias:Alias", "secrets-alias").inputs).toMatchObject({
    name: "alias/gallery-test-secrets",
  });
  expect(graph.outputs).toEqual({ alias: "alias/gallery-test-secrets", arn: keyArn });
});

describe("a secret that others give us", () => {
  test("is no resource: the stack only names it", async () => {
    const graph = await evaluate(() => {
      const key = new EncryptionKey("secrets");
      return { name: new Secret("mail-key", { key }).parameterName };
    });

    expect(graph.outputs.name).toBe("/gallery/test/mail-key");
    expect(graph.resources.map(({ type }) => type).filter((type) => /ssm|secretsmanager/.test(type))).toEqual(
      [],
    );
  });

  test("is read by who calls for it: this parameter, and its key for this parameter alone", async () => {
    const graph = await evaluate(() => {
      const key = new EncryptionKey("secrets");
      const secret = new Secret("mail-key", { key });
      new LambdaFunction("mailer", { handler: async () => secret.sdk.Read({}) });
      new LambdaFunction("other", { handler: async () => "nothing" });
      return {};
    });

    const statements = statementsOf(graph, "mailer");
    expect(statements).toHaveLength(2);
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: ["ssm:GetParameter"],
      Resource: parameterArn,
    });
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:EncryptionContext:PARAMETER_ARN": parameterArn } },
    });
    expect(statementsOf(graph, "other")).toEqual([]);
  });

  test("of two secrets under one key, each has a condition of its own", async () => {
    const graph = await evaluate(() => {
      const key = new EncryptionKey("secrets");
      const one = new Secret("one", { key });
      const two = new Secret("two", { key });
      new LambdaFunction("both", { handler: async () => [await one.sdk.Read({}), await two.sdk.Read({})] });
      return {};
    });

    const decrypt = statementsOf(graph, "both").filter(({ Action }) => Action.includes("kms:Decrypt"));
    expect(decrypt.map(({ Condition }) => JSON.stringify(Condition)).sort()).toEqual(
      ["one", "two"].map((name) => expect.stringContaining(`parameter/gallery/test/${name}"`)),
    );
  });

  test("reaches a resource that must hold it at deployment, as a Pulumi secret", async () => {
    const graph = await evaluate(() => {
      const key = new EncryptionKey("secrets");
      const value = new Secret("mail-key", { key }).atDeployment();
      return { value };
    });

    expect(graph.outputs.value).toBe("the value of /gallery/test/mail-key");
  });

  test("its value is marked secret", async () => {
    const marks: Promise<boolean>[] = [];
    await evaluate(() => {
      const key = new EncryptionKey("secrets");
      const value = new Secret("mail-key", { key }).atDeployment();
      marks.push(pulumi.isSecret(value));
      return {};
    });

    expect(await Promise.all(marks)).toEqual([true]);
  });
});

describe("a secret that we make ourselves", () => {
  const rotation = { make: () => "made", install: async () => {} };
  const deploy = (args: Partial<RotatingSecretArgs> = {}, use: (secret: RotatingSecret) => void = () => {}) =>
    evaluate(() => {
      const key = new EncryptionKey("secrets");
      const deadLetters = new DeadLetters("failures");
      use(new RotatingSecret("signing", { key, deadLetters, rotation, ...args }));
      return {};
    });

  test("is kept under our key and rotated each month by its function", async () => {
    const graph = await deploy();

    expect(only(graph, "aws:secretsmanager/secret:Secret", "signing").inputs).toEqual({
      name: "gallery/test/signing",
      kmsKeyId: keyArn,
      recoveryWindowInDays: 0,
    });
    expect(
      only(graph, "aws:secretsmanager/secretRotation:SecretRotation", "signing-rotation").inputs,
    ).toEqual({
      secretId: "signing-id",
      rotationLambdaArn: "arn:aws:lambda:eu-west-1:123456789012:signing-rotate",
      rotationRules: { automaticallyAfterDays: 30 },
    });
  });

  test("protected, it can be had back after deletion", async () => {
    const graph = await deploy({ deletionProtection: true, rotateEveryDays: 7 });

    expect(only(graph, "aws:secretsmanager/secret:Secret", "signing").inputs.recoveryWindowInDays).toBe(30);
    expect(
      only(graph, "aws:secretsmanager/secretRotation:SecretRotation", "signing-rotation").inputs
        .rotationRules,
    ).toEqual({ automaticallyAfterDays: 7 });
  });

  test.each([0, 1001, 1.5])("is not rotated every %p days", async (rotateEveryDays) => {
    await expect(deploy({ rotateEveryDays })).rejects.toThrow(
      `signing: rotateEveryDays is ${rotateEveryDays}; it must be a whole number from 1 to 1000`,
    );
  });

  test("is rotated only once Secrets Manager may call, for this secret, a function that has its rights", async () => {
    const graph = await deploy();

    expect(only(graph, "aws:lambda/permission:Permission", "signing-rotate-permission").inputs).toMatchObject(
      {
        function: "signing-rotate",
        principal: "secretsmanager.amazonaws.com",
        sourceArn: signingArn,
      },
    );
    const names = graph.resources.map(({ name }) => name);
    expect(names.indexOf("signing-rotation")).toBeGreaterThan(names.indexOf("signing-rotate-permission"));
    expect(names.indexOf("signing-rotation")).toBeGreaterThan(names.indexOf("signing-rotate-policy"));
  });

  const onlyThisSecret = { StringEquals: { "kms:EncryptionContext:SecretARN": signingArn } };

  test("its function may do what rotations take, on this secret and its key for it alone", async () => {
    const graph = await deploy();

    const [decrypt, versions, ...more] = statementsOf(graph, "signing-rotate").filter(
      ({ Action }) => !Action.includes("sns:Publish"),
    );
    expect(more).toEqual([]);
    expect(decrypt).toEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: onlyThisSecret,
    });
    expect(versions).toEqual({
      Effect: "Allow",
      Action: ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
        (action) => `secretsmanager:${action}`,
      ),
      Resource: signingArn,
    });
  });

  test("who reads it may read it, and make nothing with the key", async () => {
    const graph = await deploy({}, (secret) => {
      new LambdaFunction("verify", { handler: async () => secret.sdk.Read({ stage: "AWSPREVIOUS" }) });
    });

    const statements = statementsOf(graph, "verify");
    expect(statements).toHaveLength(2);
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: signingArn,
    });
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: keyArn,
      Condition: onlyThisSecret,
    });
  });

  test("a rotation that fails for good is among the dead letters", async () => {
    const graph = await deploy();

    expect(
      only(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "signing-rotate-invoke")
        .inputs.destinationConfig,
    ).toEqual({ onFailure: { destination: "arn:aws:sns:eu-west-1:123456789012:signing-rotate-failed" } });
  });
});
