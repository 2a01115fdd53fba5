import * as pulumi from "@pulumi/pulumi";
import { checkRange } from "../range";
import { checkPath, checkResult } from "./data";
import { checkErrorHandling, longestSeconds } from "./errors";
import { checkFlow } from "./flow";
import { following, type State, type Task } from "./state";

/** A state's name is none that Step Functions and Lambda take. */
export class InvalidStateName extends pulumi.RunError {}

/** A heartbeat would come due only when the task is over. */
export class LateHeartbeat extends pulumi.RunError {}

/** A choice has nothing to choose from. */
export class EmptyChoice extends pulumi.RunError {}

export interface Described {
  readonly startAt: string;
  readonly timeoutSeconds: number;
  readonly states: Readonly<Record<string, State>>;
}

/** Refuses, before any resource is made, what AWS would not take, or would take although it cannot work. */
export function checkWorkflow(name: string, { startAt, timeoutSeconds, states }: Described): void {
  // Standard executions end after a year: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  checkRange(name, "timeoutSeconds", timeoutSeconds, 1, 31_536_000);
  for (const [state, described] of Object.entries(states)) {
    checkName(name, state);
    checkState(name, state, described, timeoutSeconds);
  }
  const flow = Object.entries(states).map(([state, described]) => [state, following(described)] as const);
  checkFlow(name, startAt, new Map(flow));
}

function checkName(workflow: string, state: string): void {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(state)) {
    throw new InvalidStateName(
      `${workflow}: a state is named "${state}"; a name is 1 to 80 letters, digits, - and _, since that of its ` +
        "function ends with it",
    );
  }
}

function checkState(workflow: string, state: string, described: State, workflowSeconds: number): void {
  switch (described.type) {
    case "Task":
      checkTask(workflow, state, described, workflowSeconds);
      break;
    case "Choice":
      checkPath(workflow, state, described.on);
      if (Object.keys(described.is).length === 0) {
        throw new EmptyChoice(
          `${workflow}: the choice ${state} has no value to compare with; give \`is\` one, or let the state before ` +
            `go on with ${described.otherwise}`,
        );
      }
      break;
    case "Wait":
      if (typeof described.seconds === "string") {
        checkPath(workflow, state, described.seconds);
      } else {
        checkRange(`${workflow}: state ${state}`, "seconds", described.seconds, 0, longestSeconds);
      }
      break;
  }
}

function checkTask(workflow: string, state: string, task: Task<string>, workflowSeconds: number): void {
  const place = `${workflow}: state ${state}`;
  const { timeoutSeconds = workflowSeconds, heartbeatSeconds } = task;
  checkRange(place, "timeoutSeconds", timeoutSeconds, 1, longestSeconds);
  if (heartbeatSeconds !== undefined) {
    checkRange(place, "heartbeatSeconds", heartbeatSeconds, 1, longestSeconds);
    if (heartbeatSeconds >= timeoutSeconds) {
      throw new LateHeartbeat(
        `${place}: heartbeatSeconds is ${heartbeatSeconds}, but the task is over after ${timeoutSeconds} s; ask for ` +
          "heartbeats more often, or leave it more time by timeoutSeconds",
      );
    }
  }
  checkResult(workflow, state, task.result);
  checkErrorHandling(workflow, state, task);
}
