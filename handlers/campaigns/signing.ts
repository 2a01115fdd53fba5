import * as crypto from "node:crypto";
import type { Rotation } from "../../components/rotation";
import type { SecretClient, Stage } from "../../components/sdk/secrets-manager";
import type { mailService } from "./mail-service";
import { fitting, parseSignature } from "./signature";

/** How far the time of a signature may be from now. */
const toleranceSeconds = 300;
/** For so long a signature that was used is known: longer than it could be used again. */
export const rememberSeconds = 2 * toleranceSeconds;

/** How long secrets are kept that fit. */
const keptMilliseconds = 60_000;
/** However many signatures fit none: for so long secrets are not read anew. */
const pauseMilliseconds = 5000;

const stages: readonly Stage[] = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"];

/** How the secret that signs reports gets another value: we make it, the mail service is told. */
export const signingRotation = ({
  signWith,
}: Pick<ReturnType<typeof mailService>, "signWith">): Rotation => ({
  make: () => crypto.randomBytes(32).toString("hex"),
  install: signWith,
});

/**
 * Answers the one of a header's signatures that the mail service made of the body, in the last minutes; undefined where
 * there is none. While a secret is being rotated, the one before and the one to come count as well.
 */
export const signatureVerifier = (signing: SecretClient) => {
  const kept: { secrets: readonly string[]; readAt: number; readAnewAt: number } = {
    secrets: [],
    readAt: 0,
    readAnewAt: 0,
  };
  const read = async (): Promise<readonly string[]> => {
    const values = await Promise.all(
      stages.map(async (stage) => {
        try {
          return await signing.Read({ stage, maxAgeSeconds: 0 });
        } catch (error) {
          // Until its first rotation is over, a secret has a value to come and no other.
          if ((error as Error).name === "SecretMissing") {
            return undefined;
          }
          throw error;
        }
      }),
    );
    kept.secrets = values.filter((value) => value !== undefined);
    kept.readAt = Date.now();
    return kept.secrets;
  };
  const current = async () => (Date.now() - kept.readAt < keptMilliseconds ? kept.secrets : read());
  const anew = async () => {
    if (Date.now() - kept.readAnewAt < pauseMilliseconds) {
      return [];
    }
    kept.readAnewAt = Date.now();
    return read();
  };

  return async (header: string | undefined, body: string): Promise<string | undefined> => {
    const signature = header === undefined ? undefined : parseSignature(header);
    if (!signature || Math.abs(Date.now() / 1000 - signature.seconds) > toleranceSeconds) {
      return undefined;
    }
    return fitting(signature, body, await current()) ?? fitting(signature, body, await anew());
  };
};
