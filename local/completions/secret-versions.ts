import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

interface SecretValue {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** A secret before it is rotated. */
export interface SecretBefore {
  readonly arn: string;
  readonly name: string;
  /** The rotation function it already has. */
  readonly functionArn: string | undefined;
  /** Version id → its staging labels. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  /** The version that the emulator's own rotation loses. */
  readonly previous: { readonly id: string; readonly value: SecretValue } | undefined;
}

/** Versions of secrets, looked at and put right at the emulator itself: nobody has made these calls. */
export class SecretVersions {
  constructor(private readonly emulator: SecretsManagerClient) {}

  /** Undefined when there is no such secret. */
  async read(SecretId: string): Promise<SecretBefore | undefined> {
    const secret = await this.#describe(SecretId);
    if (!secret?.ARN) {
      return undefined;
    }
    const { ARN: arn, Name: name = arn, RotationLambdaARN: functionArn } = secret;
    const versions = secret.VersionIdsToStages ?? {};
    const id = versionWith("AWSPREVIOUS", versions);
    const previous = id === undefined ? undefined : { id, value: await this.#value(arn, id) };
    return { arn, name, functionArn, versions, previous };
  }

  /**
   * Leaves a new version, which the emulator has made a copy of the current one and promoted at once, as AWS makes it:
   * pending, all other versions as they were. It keeps the copied value only where that is wanted.
   */
  async makePending(
    { arn, versions, previous }: SecretBefore,
    versionId: string,
    keepsCopy: boolean,
  ): Promise<void> {
    const current = versionWith("AWSCURRENT", versions);
    if (current !== undefined) {
      // One step, so that there is a current version all the time.
      await this.#move("AWSCURRENT", arn, { to: current, from: versionId });
    }
    for (const [id, labels] of Object.entries(versions)) {
      if (labels.includes("AWSPENDING")) {
        await this.#move("AWSPENDING", arn, { from: id });
      }
    }
    const copy = keepsCopy ? await this.#value(arn, versionId) : {};
    await this.#put(arn, versionId, copy, ["AWSPENDING"]);
    if (previous) {
      const labels = (versions[previous.id] ?? []).filter((label) => label !== "AWSPENDING");
      await this.#put(arn, previous.id, previous.value, labels);
    }
  }

  /** The version then has no label, as one that AWS may delete. */
  removePending(arn: string, versionId: string): Promise<void> {
    return this.#move("AWSPENDING", arn, { from: versionId });
  }

  stop(): void {
    this.emulator.destroy();
  }

  async #describe(SecretId: string) {
    try {
      return await this.emulator.send(new DescribeSecretCommand({ SecretId }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async #value(SecretId: string, VersionId: string): Promise<SecretValue> {
    const found = await this.emulator.send(new GetSecretValueCommand({ SecretId, VersionId }));
    return { SecretString: found.SecretString, SecretBinary: found.SecretBinary };
  }

  async #put(SecretId: string, version: string, value: SecretValue, labels: string[]): Promise<void> {
    const id = { SecretId, ClientRequestToken: version };
    await this.emulator.send(new PutSecretValueCommand({ ...id, ...value, VersionStages: labels }));
  }

  async #move(label: string, SecretId: string, { to, from }: { to?: string; from: string }): Promise<void> {
    await this.emulator.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: label,
        MoveToVersionId: to,
        RemoveFromVersionId: from,
      }),
    );
  }
}

function versionWith(label: string, versions: SecretBefore["versions"]): string | undefined {
  return Object.keys(versions).find((id) => versions[id]?.includes(label));
}
