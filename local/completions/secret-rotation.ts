import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { connectCloud } from "../engine/cloud";
import { awsError } from "../front-door/aws-error";
import type { Exchange, Interceptor, Reply } from "../front-door/interceptor";
import { jsonReply } from "../front-door/reply";
import type { Completion } from "./completion";
import { errorInstead } from "./error-instead";
import { jsonOf, textIn } from "./json-body";
import { ROTATION_STEPS, rotate } from "./rotation-steps";
import { type SecretBefore, SecretVersions } from "./secret-versions";
import type { Service } from "./service";

interface Connection {
  readonly secretsManager: Service;
  readonly versions: SecretVersions;
}

/** A rotation that the emulator has been asked for. */
interface Asked {
  readonly secret: SecretBefore;
  readonly functionArn: string;
  readonly immediately: boolean;
}

/**
 * Rotates secrets by their function. The emulator keeps the configuration and answers, but then promotes a copy of the
 * current value; that is undone before the caller has the answer, and the function makes the new version instead. On
 * the default event bus there are therefore two `Secret Label Updated` of secrets that AWS would not tell of.
 *
 * `RotateImmediately: false` only has the configuration tested, with a copy of the current value. The schedule is kept
 * but not followed: a laptop's cloud lives for hours, a rotation's schedule counts in days.
 *
 * A rotation that fails leaves its version pending. AWS tries it again for a day and refuses others as long; here the
 * next call of RotateSecret starts anew.
 */
export class SecretRotation implements Interceptor, Completion {
  readonly name = "secret-rotation";
  #connection: Connection | undefined;
  readonly #asked = new WeakMap<Exchange, Asked>();
  /** ARNs of secrets that are being rotated. */
  readonly #underWay = new Set<string>();
  readonly #stopped = new AbortController();

  /** Begins to act, as `secretsmanager.amazonaws.com`. */
  connect(secretsManager: Service): void {
    const { region, account, emulatorAddress } = secretsManager.surroundings;
    const emulator = connectCloud({ region, account, endpoint: emulatorAddress });
    this.#connection = {
      secretsManager,
      versions: new SecretVersions(emulator.client(SecretsManagerClient)),
    };
  }

  /** Calls say which function rotates which secret, and the emulator remembers: a deployment has nothing to add. */
  configure(): void {}

  stop(): void {
    this.#stopped.abort();
    this.#connection?.versions.stop();
  }

  async before(exchange: Exchange): Promise<Reply | undefined> {
    if (exchange.call.action !== "secretsmanager:RotateSecret" || !this.#connection) {
      return undefined;
    }
    const request = await jsonOf(exchange.body);
    const secret = await this.#connection.versions.read(textIn(request, "SecretId") ?? "");
    if (!secret) {
      // The emulator says so.
      return undefined;
    }
    const token = textIn(request, "ClientRequestToken");
    if (token !== undefined && token in secret.versions) {
      // The same request once more; the emulator would overwrite the version.
      return jsonReply(200, { ARN: secret.arn, Name: secret.name, VersionId: token });
    }
    if (this.#underWay.has(secret.arn)) {
      return invalid(exchange, "A previous rotation isn't complete. That rotation will be reattempted.");
    }
    const functionArn = textIn(request, "RotationLambdaARN") ?? secret.functionArn;
    if (functionArn === undefined) {
      return invalid(exchange, "No Lambda rotation function ARN is associated with this secret.");
    }
    this.#underWay.add(secret.arn);
    this.#asked.set(exchange, { secret, functionArn, immediately: request.RotateImmediately !== false });
    return undefined;
  }

  async after(exchange: Exchange, answer: Reply): Promise<Reply | undefined> {
    if (!this.#connection || answer.status !== 200) {
      return undefined;
    }
    if (exchange.call.action === "secretsmanager:GetSecretValue") {
      return withoutValue(exchange, answer);
    }
    const asked = this.#asked.get(exchange);
    if (asked) {
      const versionId = textIn(await jsonOf(answer.body), "VersionId") ?? "";
      await this.#connection.versions.makePending(asked.secret, versionId, !asked.immediately);
      this.#asked.delete(exchange);
      void this.#rotate(this.#connection, asked, versionId);
    }
    return undefined;
  }

  /** A call that the emulator has refused starts no rotation. */
  done(exchange: Exchange): void {
    const asked = this.#asked.get(exchange);
    if (asked) {
      this.#underWay.delete(asked.secret.arn);
    }
  }

  async #rotate(
    { secretsManager, versions }: Connection,
    { secret, functionArn, immediately }: Asked,
    versionId: string,
  ): Promise<void> {
    const { signal } = this.#stopped;
    const steps = immediately ? ROTATION_STEPS : (["testSecret"] as const);
    const rotation = { secretArn: secret.arn, versionId, functionArn, steps };
    try {
      const failure = await rotate(secretsManager, rotation, signal);
      if (failure) {
        process.emitWarning(
          `The rotation of secret ${secret.name} is given up at its step ${failure.step}: ${failure.reason} ` +
            `Correct the function ${functionArn} and call RotateSecret again.`,
        );
      }
      if (!immediately && !signal.aborted) {
        await versions.removePending(secret.arn, versionId);
      }
    } catch (error) {
      if (!signal.aborted) {
        process.emitWarning(`The rotation of secret ${secret.name} could not be finished: ${String(error)}`);
      }
    } finally {
      this.#underWay.delete(secret.arn);
    }
  }
}

function invalid(exchange: Exchange, message: string): Reply {
  return awsError(exchange, 400, "InvalidRequestException", message);
}

/** A version without a value, which the emulator answers without one, is nothing that can be read. */
async function withoutValue(exchange: Exchange, answer: Reply): Promise<Reply | undefined> {
  const { VersionId, SecretString, SecretBinary } = await jsonOf(answer.body);
  if (VersionId === undefined || SecretString !== undefined || SecretBinary !== undefined) {
    return undefined;
  }
  const { VersionId: version, VersionStage: label = "AWSCURRENT" } = await jsonOf(exchange.body);
  const what = version === undefined ? `staging label: ${label}` : `VersionId: ${version}`;
  const message = `Secrets Manager can't find the specified secret value for ${what}`;
  return errorInstead(exchange, answer, { code: "ResourceNotFoundException", message });
}
