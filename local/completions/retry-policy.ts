import { backoffMs } from "./backoff";
import { isRetryable, type Refusal } from "./refusal";

/** How long EventBridge tries: a target's `retryPolicy`. */
export interface RetryPolicy {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeInSeconds: number;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html */
const defaults: RetryPolicy = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

export function retryPolicy(given: Partial<RetryPolicy> | undefined): RetryPolicy {
  return {
    maximumRetryAttempts: given?.maximumRetryAttempts ?? defaults.maximumRetryAttempts,
    maximumEventAgeInSeconds: given?.maximumEventAgeInSeconds ?? defaults.maximumEventAgeInSeconds,
  };
}

/** The limit that ended the attempts, in EventBridge's words. */
export type Exhausted = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/** To try again after a wait, or to give up: at a limit, or because trying again cannot help. */
export type Step = { readonly waitMs: number } | { readonly exhausted: Exhausted | undefined };

/**
 * What follows the refusal of an event that was tried `retries` times again. The limits are those of the policy; the
 * waits are shorter than AWS's.
 */
export function stepAfter(refusal: Refusal, retries: number, ageMs: number, policy: RetryPolicy): Step {
  if (!isRetryable(refusal)) return { exhausted: undefined };
  if (retries >= policy.maximumRetryAttempts) return { exhausted: "MaximumRetryAttempts" };
  const waitMs = backoffMs(retries + 1);
  return ageMs + waitMs > policy.maximumEventAgeInSeconds * 1000
    ? { exhausted: "MaximumEventAgeInSeconds" }
    : { waitMs };
}
