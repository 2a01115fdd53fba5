import * as pulumi from "@pulumi/pulumi";
import { checkRange, OutOfRange } from "../range";
import { checkResult, handedOn, type ResultKey } from "./data";

/**
 * Names of errors: what `namedError` gave a handler's error, a class of an AWS client such as `ThrottlingException`, or
 * one of Step Functions such as `States.Timeout`; `States.ALL` stands alone, in the last entry.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
 */
export type ErrorNames = readonly [string, ...string[]];

/** How a task is tried again after one of the errors; the first entry that names the error counts. */
export interface Retry {
  readonly errors: ErrorNames;
  /** Retries after the first attempt, 0–99999999. @default 3 */
  readonly attempts?: number;
  /** Pause before the first retry, 1–99999999. @default 1 */
  readonly intervalSeconds?: number;
  /** Each further pause is this many times as long, 1 or more. @default 2 */
  readonly backoffRate?: number;
  /** No pause is longer; above `intervalSeconds`, up to 31622399. @default pauses may grow for ever */
  readonly maximumDelaySeconds?: number;
  /** Pauses are of random length up to that, so that many executions do not come back at once. @default false */
  readonly jitter?: boolean;
}

/** Where an execution goes on after one of the errors, when there is no retry left. */
export interface Catch<Next extends string> {
  readonly errors: ErrorNames;
  readonly next: Next;
  /** Where the error goes in the data, as `{ Error, Cause }`. @default it replaces the data */
  readonly result?: ResultKey;
}

export interface ErrorHandling<Next extends string> {
  /** Besides, `transientErrors` are retried 6 times, those alone not that an entry names. @default none */
  readonly retry?: readonly Retry[];
  /** @default none: the execution fails */
  readonly catch?: readonly Catch<Next>[];
}

/**
 * Errors of Lambda itself, which pass. Name them with `attempts: 0` for a handler that must not run twice.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
 */
export const transientErrors = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
] as const;

/** `States.ALL` does not stand where Step Functions takes it. */
export class InvalidErrorNames extends pulumi.RunError {}

/** AWS's longest pause and timeout. @see https://states-language.net/#errors */
export const longestSeconds = 99_999_999;

export function checkErrorHandling(
  workflow: string,
  state: string,
  { retry = [], catch: catchers = [] }: ErrorHandling<string>,
): void {
  checkNames(workflow, `retry of state ${state}`, retry);
  checkNames(workflow, `catch of state ${state}`, catchers);
  for (const { attempts = 3, intervalSeconds = 1, backoffRate = 2, maximumDelaySeconds } of retry) {
    const place = `${workflow}: retry of state ${state}`;
    checkRange(place, "attempts", attempts, 0, longestSeconds);
    checkRange(place, "intervalSeconds", intervalSeconds, 1, longestSeconds);
    if (!(backoffRate >= 1 && backoffRate < Number.POSITIVE_INFINITY)) {
      throw new OutOfRange(`${place}: backoffRate is ${backoffRate}; it must be a number 1 or more`);
    }
    if (maximumDelaySeconds !== undefined) {
      checkRange(place, "maximumDelaySeconds", maximumDelaySeconds, intervalSeconds + 1, 31_622_399);
    }
  }
  for (const { result } of catchers) {
    checkResult(workflow, state, result);
  }
}

function checkNames(workflow: string, place: string, entries: readonly { readonly errors: ErrorNames }[]) {
  entries.forEach(({ errors }, index) => {
    if (errors.includes("States.ALL") && (errors.length > 1 || index < entries.length - 1)) {
      throw new InvalidErrorNames(
        `${workflow}: the ${place} has States.ALL beside or before other errors, which Step Functions refuses; ` +
          "give it an entry of its own and put that last",
      );
    }
  });
}

/** The fields `Retry` and `Catch` of a state's definition. */
export function errorFields({ retry = [], catch: catchers = [] }: ErrorHandling<string>) {
  const named = new Set<string>(retry.flatMap(({ errors }) => errors));
  const [first, ...others] = transientErrors.filter((name) => !named.has(name));
  const transient: Retry[] =
    first === undefined
      ? []
      : [
          {
            errors: [first, ...others],
            attempts: 6,
            intervalSeconds: 2,
            maximumDelaySeconds: 60,
            jitter: true,
          },
        ];
  return {
    // First, for States.ALL comes last.
    Retry: [...transient, ...retry].map(
      ({ errors, attempts, intervalSeconds, backoffRate, maximumDelaySeconds, jitter }) => ({
        ErrorEquals: errors,
        MaxAttempts: attempts ?? 3,
        IntervalSeconds: intervalSeconds ?? 1,
        BackoffRate: backoffRate ?? 2,
        MaxDelaySeconds: maximumDelaySeconds,
        JitterStrategy: jitter ? "FULL" : "NONE",
      }),
    ),
    Catch:
      catchers.length === 0
        ? undefined
        : catchers.map(({ errors, next, result }) => ({
            ErrorEquals: errors,
            Output: handedOn(result, "$states.errorOutput"),
            Next: next,
          })),
  };
}
