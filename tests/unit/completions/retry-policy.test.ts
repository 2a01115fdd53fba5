import * as fc from "fast-check";
import { ruleAttributes, scheduleAttributes } from "../../../local/completions/dead-letter";
import { refusalOf } from "../../../local/completions/refusal";
import { retryPolicy, stepAfter } from "../../../local/completions/retry-policy";

const throttled = { status: 429, code: "TooManyRequestsException", message: "Rate exceeded" };

test("AWS's limits hold where none are given", () => {
  expect(retryPolicy(undefined)).toEqual({ maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 });
  expect(retryPolicy({ maximumRetryAttempts: 0 })).toMatchObject({ maximumRetryAttempts: 0 });
});

test.each([
  [404, "ResourceNotFoundException"],
  [403, "AccessDeniedException"],
  [400, "InvalidRequestContentException"],
])("a refusal with %d is final", (status, code) => {
  expect(stepAfter({ status, code, message: "" }, 0, 0, retryPolicy(undefined))).toEqual({
    exhausted: undefined,
  });
});

test.each([429, 500, 503, undefined])("a refusal with %s is tried again until a limit", (status) => {
  const policy = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 };
  const refusal = { status, code: "X", message: "" };

  expect(stepAfter(refusal, 0, 0, policy)).toEqual({ waitMs: 100 });
  expect(stepAfter(refusal, 1, 0, policy)).toEqual({ waitMs: 200 });
  expect(stepAfter(refusal, 2, 0, policy)).toEqual({ exhausted: "MaximumRetryAttempts" });
  expect(stepAfter(refusal, 1, 59_900, policy)).toEqual({ exhausted: "MaximumEventAgeInSeconds" });
});

test("waits never shrink and stay short", () => {
  fc.assert(
    fc.property(fc.nat(183), (retries) => {
      const [first, second] = [retries, retries + 1].map((n) =>
        stepAfter(throttled, n, 0, retryPolicy(undefined)),
      );
      const waits = [first, second].map((step) => (step && "waitMs" in step ? step.waitMs : Number.NaN));
      expect(waits[1]).toBeGreaterThanOrEqual(waits[0] ?? Number.NaN);
      expect(waits[1]).toBeLessThanOrEqual(5_000);
    }),
  );
});

test("a rule's dead letter says who refused it and why", () => {
  expect(
    ruleAttributes("arn:rule", "arn:fn", {
      refusal: throttled,
      exhausted: "MaximumRetryAttempts",
      retries: 3,
    }),
  ).toEqual({
    RULE_ARN: "arn:rule",
    TARGET_ARN: "arn:fn",
    ERROR_CODE: "THROTTLING",
    ERROR_MESSAGE: "Rate exceeded",
    EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
    RETRY_ATTEMPTS: "3",
  });
  const gone = { refusal: { status: 404, code: "X", message: "" }, exhausted: undefined, retries: 0 };
  expect(ruleAttributes("r", "f", gone)).toMatchObject({ ERROR_CODE: "NO_RESOURCE", ERROR_MESSAGE: "X" });
  expect(ruleAttributes("r", "f", gone)).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
});

test("a schedule's dead letter says which run it was", () => {
  const run = { scheduleArn: "arn:schedule", scheduledTime: "2026-01-02T03:04:05Z", executionId: "e1" };

  expect(scheduleAttributes(run, "arn:fn", { refusal: throttled, exhausted: undefined, retries: 0 })).toEqual(
    {
      SCHEDULE_ARN: "arn:schedule",
      TARGET_ARN: "arn:fn",
      ERROR_CODE: "TooManyRequestsException",
      ERROR_MESSAGE: "Rate exceeded",
      EXECUTION_ID: "e1",
      SCHEDULED_TIME: "2026-01-02T03:04:05Z",
      RETRY_ATTEMPTS: "0",
      IS_PAYLOAD_TRUNCATED: "false",
    },
  );
});

test("what a client throws is a refusal", () => {
  const error = Object.assign(new Error("slow down"), { name: "E", $metadata: { httpStatusCode: 429 } });

  expect(refusalOf(error)).toEqual({ status: 429, code: "E", message: "slow down" });
  expect(refusalOf(new TypeError("no connection"))).toMatchObject({ status: undefined });
});
