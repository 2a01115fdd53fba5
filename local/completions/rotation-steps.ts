import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { backoffMs, pause } from "./backoff";
import { jsonIn, textIn } from "./json-body";
import { refusalOf } from "./refusal";
import type { Service } from "./service";

/** A step of a rotation, as the function is told. */
export type RotationStep = "createSecret" | "setSecret" | "testSecret" | "finishSecret";

/** All that AWS asks of a rotation function, in order. */
export const ROTATION_STEPS: readonly RotationStep[] = [
  "createSecret",
  "setSecret",
  "testSecret",
  "finishSecret",
];

const ATTEMPTS = 3;

/** A version of a secret on its way. */
export interface Rotation {
  readonly secretArn: string;
  readonly versionId: string;
  readonly functionArn: string;
  readonly steps: readonly RotationStep[];
}

/** Why a rotation has ended before its last step. */
export interface RotationFailure {
  readonly step: RotationStep;
  readonly reason: string;
}

/**
 * Has the function take its steps, one after the other. One that fails is tried again, at most twice; the failure is
 * answered when that was of no use. Ends without one when told to stop.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export async function rotate(
  secretsManager: Service,
  { secretArn, versionId, functionArn, steps }: Rotation,
  signal: AbortSignal,
): Promise<RotationFailure | undefined> {
  for (const step of steps) {
    const event = { Step: step, SecretId: secretArn, ClientRequestToken: versionId };
    for (let attempt = 1; ; attempt++) {
      const reason = await failureOf(secretsManager, functionArn, event, signal);
      if (signal.aborted) return undefined;
      if (reason === undefined) break;
      if (attempt === ATTEMPTS) return { step, reason };
      await pause(backoffMs(attempt), signal);
    }
  }
  return undefined;
}

async function failureOf(
  secretsManager: Service,
  functionArn: string,
  event: object,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const invocation = new InvokeCommand({
      FunctionName: functionArn,
      Payload: Buffer.from(JSON.stringify(event)),
    });
    const { FunctionError, Payload } = await secretsManager
      .client(LambdaClient)
      .send(invocation, { abortSignal: signal });
    const answer = FunctionError === undefined ? undefined : jsonIn(Payload?.transformToString() ?? "");
    return FunctionError && (textIn(answer ?? {}, "errorMessage") ?? FunctionError);
  } catch (error) {
    const { code, message } = refusalOf(error);
    return `${code}: ${message}`;
  }
}
