import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import type { AwsFailure } from "./error-instead";
import { jsonIn, textIn } from "./json-body";
import { refusalOf } from "./refusal";
import type { Service } from "./service";

/** How often Cognito tries a trigger that does not answer in time; one that fails is not tried again. */
const ATTEMPTS = 3;

export interface TriggerInvocation {
  /** As errors name it, such as `PostConfirmation`. */
  readonly trigger: string;
  readonly functionArn: string;
  readonly event: object;
  readonly timeoutMs: number;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Invokes a trigger of a user pool and waits for its answer, as Cognito does. Answers what the client is to be told
 * when it has failed.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */
export async function invokeTrigger(
  cognito: Service,
  { trigger, functionArn, event, timeoutMs, signal }: TriggerInvocation,
): Promise<AwsFailure | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const timeout = AbortSignal.timeout(timeoutMs);
    const invocation = new InvokeCommand({
      FunctionName: functionArn,
      Payload: Buffer.from(JSON.stringify(event)),
    });
    try {
      const abortSignal = AbortSignal.any([timeout, signal]);
      return failureIn(trigger, await cognito.client(LambdaClient).send(invocation, { abortSignal }));
    } catch (error) {
      if (!timeout.aborted || signal.aborted) {
        return unexpected(trigger, refusalOf(error).code);
      }
    }
  }
  return unexpected(trigger, "Socket timeout while invoking Lambda function");
}

function failureIn(trigger: string, { FunctionError, Payload }: InvokeCommandOutput): AwsFailure | undefined {
  const answer = jsonIn(Payload?.transformToString() ?? "");
  if (FunctionError !== undefined) {
    const reason = textIn(answer ?? {}, "errorMessage") ?? FunctionError;
    return { code: "UserLambdaValidationException", message: `${trigger} failed with error ${reason}.` };
  }
  // A trigger returns its event; most often it is forgotten.
  return answer
    ? undefined
    : { code: "InvalidLambdaResponseException", message: "Unrecognizable lambda output" };
}

function unexpected(trigger: string, reason: string): AwsFailure {
  const message = `${trigger} invocation failed due to error ${reason}.`;
  return { code: "UnexpectedLambdaException", message };
}
