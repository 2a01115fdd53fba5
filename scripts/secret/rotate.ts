import { DescribeSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { Refused } from "./refused";
import type { Stores } from "./stores";

/** There is no secret of the name that we make ourselves. */
export class UnknownSecret extends Refused {}
/** Secrets Manager does not begin: another rotation is under way, or the secret has none. */
export class RotationRefused extends Refused {}
/** The new value does not count yet. */
export class RotationUnfinished extends Refused {}

/** The time, and how it passes. */
export interface Clock {
  /** In milliseconds. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

const longestSeconds = 60;
const pauseMilliseconds = 1000;

/**
 * Has a secret made anew and waits until its new version is the current one; answers that version's id.
 * @throws UnknownSecret, RotationRefused, or RotationUnfinished after 60 s
 */
export async function rotateSecret(
  { owner, options, secretsManager }: Stores,
  name: string,
  clock: Clock,
): Promise<string> {
  const { name: project, stack, region } = owner;
  const SecretId = `${project}/${stack}/${name}`;
  const begin = async () => {
    try {
      const { VersionId = "" } = await secretsManager.send(new RotateSecretCommand({ SecretId }));
      return VersionId;
    } catch (error) {
      const { name: code, message } = error as Error;
      if (code === "ResourceNotFoundException") {
        throw new UnknownSecret(
          `${region} has no secret ${SecretId} that rotates. See what there is with: npm run secret -- list ` +
            `${options}; one that others give us is set: npm run secret -- set ${name} ${options}`,
        );
      }
      if (code === "InvalidRequestException") {
        throw new RotationRefused(`${SecretId} is not rotated: ${message} ${whereToLook()}`);
      }
      throw error;
    }
  };
  const whereToLook = () =>
    `The log group /${project}/${stack}/${name}-rotate tells how its rotations went, and what failed for good is ` +
    `in the queue ${name}-rotate-failed.`;

  const version = await begin();
  const end = clock.now() + longestSeconds * 1000;
  for (;;) {
    const { VersionIdsToStages = {} } = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
    if (VersionIdsToStages[version]?.includes("AWSCURRENT")) {
      return version;
    }
    if (clock.now() >= end) {
      throw new RotationUnfinished(
        `${SecretId}: version ${version} is not current after ${longestSeconds} s; until it is, the value before ` +
          `counts, and Secrets Manager tries again. ${whereToLook()}`,
      );
    }
    await clock.pause(pauseMilliseconds);
  }
}
