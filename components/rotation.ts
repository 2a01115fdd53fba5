import type { SecretsManagerRotationEvent } from "aws-lambda";
import type { RotationClient } from "./sdk/secrets-manager";

/** How a secret gets another value. Each step may come again after it has been done. */
export interface Rotation {
  /** Makes a new value. */
  readonly make: () => string | Promise<string>;
  /** Brings the new value to who else must know it; from then on both sides have to take the old one and the new. */
  readonly install: (value: string) => Promise<void>;
  /** Throws unless the new value works. @default nothing is tried */
  readonly check?: (value: string) => Promise<void>;
}

/**
 * The function that Secrets Manager calls for each step of a rotation. A secret needs no value before its first: the
 * rotation at deployment makes one that nobody has seen.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export const rotate = (secret: RotationClient, { make, install, check }: Rotation) => {
  const readPending = async (VersionId: string): Promise<string | undefined> => {
    try {
      const { SecretString } = await secret.GetSecretValue({ VersionId, VersionStage: "AWSPENDING" });
      return SecretString;
    } catch (error) {
      if ((error as Error).name === "ResourceNotFoundException") {
        return undefined;
      }
      throw error;
    }
  };
  const pending = async (token: string): Promise<string> => {
    const value = await readPending(token);
    if (value === undefined) {
      throw new Error(`Version ${token} of the secret has no value: has createSecret run?`);
    }
    return value;
  };
  return async ({ Step, ClientRequestToken: token }: SecretsManagerRotationEvent): Promise<void> => {
    const { VersionIdsToStages = {} } = await secret.DescribeSecret({});
    const labels = VersionIdsToStages[token] ?? [];
    // The first version of all is current as soon as it has a value, before anybody else knows it.
    const isUnknown = labels.includes("AWSPENDING") && (Step === "setSecret" || Step === "testSecret");
    if (labels.includes("AWSCURRENT") && !isUnknown) {
      return;
    }
    if (!labels.includes("AWSPENDING")) {
      // A step of an earlier rotation that comes late would bring back that one's value.
      throw new Error(`Version ${token} of the secret is not the one to come: ${Step} does nothing.`);
    }
    switch (Step) {
      case "createSecret":
        if ((await readPending(token)) === undefined) {
          await secret.PutSecretValue({
            ClientRequestToken: token,
            SecretString: await make(),
            VersionStages: ["AWSPENDING"],
          });
        }
        return;
      case "setSecret":
        await install(await pending(token));
        return;
      case "testSecret":
        await check?.(await pending(token));
        return;
      case "finishSecret": {
        const [current] =
          Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT")) ?? [];
        await secret.UpdateSecretVersionStage({
          VersionStage: "AWSCURRENT",
          MoveToVersionId: token,
          RemoveFromVersionId: current,
        });
      }
    }
  };
};
