import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "./dead-letters";
import type { EncryptionKey } from "./encryption-key";
import { type FunctionOptions, LambdaFunction } from "./function";
import { checkRange } from "./range";
import { type Rotation, rotate } from "./rotation";
import { bind } from "./sdk/bind";
import { rotationMethods, type SecretClient, secretMethods } from "./sdk/secrets-manager";
import { commandFor } from "./secret";

export interface RotatingSecretArgs {
  /** What the values are encrypted with. */
  readonly key: EncryptionKey;
  readonly rotation: Rotation;
  /** Of rotations that failed. */
  readonly deadLetters: DeadLetters;
  /** 1–1000. @default 30 */
  readonly rotateEveryDays?: number;
  /** Keep a deleted secret for 30 days. @default false, it is gone at once */
  readonly deletionProtection?: boolean;
  /** For the rotation function. */
  readonly function?: FunctionOptions;
}

/**
 * A secret that we make ourselves, and make anew on a schedule and by `npm run secret -- rotate <name>`: kept by Secrets
 * Manager as `<project>/<stack>/<name>`. Its first value comes of the rotation at deployment.
 */
export class RotatingSecret extends pulumi.ComponentResource {
  readonly sdk: SecretClient;
  readonly nodes: {
    readonly secret: aws.secretsmanager.Secret;
    readonly rotation: aws.secretsmanager.SecretRotation;
    readonly function: LambdaFunction<never, void>;
  };

  constructor(name: string, args: RotatingSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { key, rotateEveryDays = 30, deletionProtection = false } = args;
    checkRange(name, "rotateEveryDays", rotateEveryDays, 1, 1000);
    super("gallery:security:RotatingSecret", name, {}, opts);
    const parent = { parent: this };
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: `${pulumi.getProject()}/${pulumi.getStack()}/${name}`,
        kmsKeyId: key.arn,
        recoveryWindowInDays: deletionProtection ? 30 : 0,
      },
      parent,
    );
    const binding = (...actions: string[]) => ({
      owner: `secret "${name}"`,
      name,
      arn: secret.arn,
      also: [
        {
          actions,
          resource: key.arn,
          // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
          condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secret.arn } },
        },
      ],
      target: { SecretId: secret.arn, RotateBy: commandFor("rotate", name) },
    });
    this.sdk = bind(secretMethods, binding("kms:Decrypt"));
    const fn = createRotationFunction();
    const rotation = createRotation();
    // Secrets Manager may wait for the function's answer itself: then nothing comes to the dead letters.
    args.deadLetters.alarm(
      `${name}-rotate-errors`,
      {
        description: `The secret ${name} could not be rotated.`,
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: fn.name },
      },
      parent,
    );
    this.nodes = { secret, rotation, function: fn };
    this.registerOutputs({ arn: secret.arn });

    function createRotationFunction() {
      const versions = bind(rotationMethods, binding("kms:Decrypt", "kms:GenerateDataKey"));
      return new LambdaFunction<never, void>(
        `${name}-rotate`,
        {
          timeoutSeconds: 30,
          ...args.function,
          description: `Rotates the secret ${name}`,
          handler: rotate(versions, args.rotation),
          asynchronous: { deadLetters: args.deadLetters.path(`${name}-rotate`, [], parent) },
        },
        parent,
      );
    }

    function createRotation() {
      const permission = new aws.lambda.Permission(
        `${name}-rotate-permission`,
        {
          action: "lambda:InvokeFunction",
          function: fn.name,
          principal: "secretsmanager.amazonaws.com",
          sourceArn: secret.arn,
        },
        parent,
      );
      return new aws.secretsmanager.SecretRotation(
        `${name}-rotation`,
        {
          secretId: secret.id,
          rotationLambdaArn: fn.arn,
          rotationRules: { automaticallyAfterDays: rotateEveryDays },
        },
        { ...parent, dependsOn: [permission, fn.nodes.policy] },
      );
    }
  }
}
