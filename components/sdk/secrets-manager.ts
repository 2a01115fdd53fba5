import * as parameters from "@aws-lambda-powertools/parameters/secrets";
import * as sm from "@aws-sdk/client-secrets-manager";
import { type Bound, service } from "./bind";
import type { ReadOptions } from "./ssm";

interface SecretTarget {
  readonly SecretId: string;
  /** The command that makes its first value, for errors. */
  readonly RotateBy: string;
}
type OnSecret<Input> = Omit<Input, "SecretId">;

/** `AWSPENDING` is there while a rotation is under way, or after one that failed. */
export type Stage = "AWSCURRENT" | "AWSPENDING" | "AWSPREVIOUS";

const { method, through } = service(() => new sm.SecretsManagerClient({}));
/** One for each container and stage: a provider keeps what it has read by the secret's name alone. */
const stores: { [S in Stage]?: parameters.SecretsProvider } = {};
/** When a container has read a stage of a secret: a call may ask for less age than an earlier one. */
const readAt: Record<string, number> = {};
const keptSeconds = 86_400;

/**
 * What the users of a secret in Secrets Manager do.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export const secretMethods = {
  /**
   * Answers the value of a stage, undefined where the secret has no such stage; throws an error named `SecretMissing`
   * where it has no current value.
   */
  Read: through(
    "secretsmanager:GetSecretValue",
    async (
      client: sm.SecretsManagerClient,
      { SecretId, RotateBy }: SecretTarget,
      { stage = "AWSCURRENT", maxAgeSeconds = 60 }: ReadOptions & { readonly stage?: Stage },
    ): Promise<string | undefined> => {
      stores[stage] ??= new parameters.SecretsProvider({ awsSdkV3Client: client });
      const read = `${stage} ${SecretId}`;
      const now = Date.now();
      const isTooOld = now - (readAt[read] ?? 0) >= maxAgeSeconds * 1000;
      try {
        const value = await stores[stage].get(SecretId, {
          maxAge: keptSeconds,
          forceFetch: isTooOld,
          sdkOptions: { VersionStage: stage },
        });
        if (isTooOld) {
          readAt[read] = now;
        }
        return value as string | undefined;
      } catch (error) {
        const cause = (error as Error).cause ?? error;
        if (!(cause instanceof sm.ResourceNotFoundException)) {
          throw cause;
        }
        if (stage !== "AWSCURRENT") {
          return undefined;
        }
        const message = `The secret ${SecretId} has no value yet. Make one with: ${RotateBy}`;
        throw Object.assign(new Error(message), { name: "SecretMissing" });
      }
    },
  ),
};

/** What a rotation function does with its secret. */
export const rotationMethods = {
  DescribeSecret: method(
    "secretsmanager:DescribeSecret",
    ({ SecretId }: SecretTarget, input: OnSecret<sm.DescribeSecretCommandInput>) =>
      new sm.DescribeSecretCommand({ ...input, SecretId }),
  ),
  GetSecretValue: method(
    "secretsmanager:GetSecretValue",
    ({ SecretId }: SecretTarget, input: OnSecret<sm.GetSecretValueCommandInput>) =>
      new sm.GetSecretValueCommand({ ...input, SecretId }),
  ),
  PutSecretValue: method(
    "secretsmanager:PutSecretValue",
    ({ SecretId }: SecretTarget, input: OnSecret<sm.PutSecretValueCommandInput>) =>
      new sm.PutSecretValueCommand({ ...input, SecretId }),
  ),
  UpdateSecretVersionStage: method(
    "secretsmanager:UpdateSecretVersionStage",
    ({ SecretId }: SecretTarget, input: OnSecret<sm.UpdateSecretVersionStageCommandInput>) =>
      new sm.UpdateSecretVersionStageCommand({ ...input, SecretId }),
  ),
};

/** The bound client of a secret in Secrets Manager. */
export type SecretClient = Bound<typeof secretMethods>;
/** The bound client of a secret's rotation. */
export type RotationClient = Bound<typeof rotationMethods>;
