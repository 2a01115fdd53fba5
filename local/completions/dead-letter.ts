import type { Refusal } from "./refusal";
import type { Exhausted } from "./retry-policy";

/** An event that was given up. */
export interface GivenUp {
  readonly refusal: Refusal;
  readonly exhausted: Exhausted | undefined;
  readonly retries: number;
}

/** Codes that EventBridge gives to refusals of a target. */
const ruleCodes: Readonly<Record<number, string>> = {
  403: "NO_PERMISSIONS",
  404: "NO_RESOURCE",
  429: "THROTTLING",
};

function common({ refusal, exhausted, retries }: GivenUp): Record<string, string> {
  return {
    ERROR_MESSAGE: refusal.message || refusal.code,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
}

/**
 * Message attributes of a rule's event in a dead-letter queue.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
 */
export function ruleAttributes(ruleArn: string, targetArn: string, givenUp: GivenUp): Record<string, string> {
  const { status } = givenUp.refusal;
  const code = status === undefined ? "CONNECTION_FAILURE" : (ruleCodes[status] ?? "ERROR_FROM_TARGET");
  return { ...common(givenUp), RULE_ARN: ruleArn, TARGET_ARN: targetArn, ERROR_CODE: code };
}

/** One run of a schedule. */
export interface Run {
  readonly scheduleArn: string;
  /** ISO 8601, to the second. */
  readonly scheduledTime: string;
  readonly executionId: string;
}

/**
 * Message attributes of a schedule's event in a dead-letter queue.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function scheduleAttributes(run: Run, targetArn: string, givenUp: GivenUp): Record<string, string> {
  return {
    ...common(givenUp),
    SCHEDULE_ARN: run.scheduleArn,
    TARGET_ARN: targetArn,
    ERROR_CODE: givenUp.refusal.code,
    EXECUTION_ID: run.executionId,
    SCHEDULED_TIME: run.scheduledTime,
    IS_PAYLOAD_TRUNCATED: "false",
  };
}
