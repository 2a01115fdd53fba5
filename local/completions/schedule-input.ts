import { randomUUID } from "node:crypto";
import type { Place } from "../engine/resource";
import type { Run } from "./dead-letter";

/** What a function gets from a schedule without an input; unlike a rule's, its `detail` is text. */
function defaultInput({ scheduleArn, scheduledTime }: Run, { account, region }: Place): string {
  return JSON.stringify({
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account,
    time: scheduledTime,
    region,
    resources: [scheduleArn],
    detail: "{}",
  });
}

/**
 * What a schedule sends to its function, its context attributes filled in.
 * @param attempt from 1
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function scheduleInput(input: string | undefined, run: Run, attempt: number, place: Place): string {
  if (input === undefined) return defaultInput(run, place);
  const attributes: Readonly<Record<string, string>> = {
    "<aws.scheduler.schedule-arn>": run.scheduleArn,
    "<aws.scheduler.scheduled-time>": run.scheduledTime,
    "<aws.scheduler.execution-id>": run.executionId,
    "<aws.scheduler.attempt-number>": String(attempt),
  };
  return input.replace(/<aws\.scheduler\.[a-z-]+>/g, (name) => attributes[name] ?? name);
}
