// Compiled, not run: a workflow goes on only with states that it has, and hands its handlers what they take.
import type { DeadLetters } from "../../../components/dead-letters";
import type { StatesClient } from "../../../components/sdk/states";
import {
  choice,
  fail,
  succeed,
  type TokenEvent,
  task,
  taskWithToken,
  Workflow,
  wait,
} from "../../../components/workflow";

const ask = async ({ campaign }: { campaign: string }) => ({ mail: campaign });
const keep = async ({ token, input }: TokenEvent<{ mail: string }>) => `${token} of ${input.mail}`;
const errors = ["States.ALL"] as const;

export function complete(deadLetters: DeadLetters) {
  const workflow = new Workflow("send", {
    deadLetters,
    timeoutSeconds: 60,
    startAt: "ask",
    states: {
      ask: task(ask, { next: "keep", result: "mail", catch: [{ errors, next: "broken", result: "error" }] }),
      keep: taskWithToken(keep, { next: "decide", heartbeatSeconds: 5, result: null }),
      decide: choice({ on: "status", is: { pending: "pause", success: "done" }, otherwise: "broken" }),
      pause: wait({ seconds: 5, next: "keep" }),
      done: succeed(),
      broken: fail({ error: "Broken" }),
    },
  });
  // @ts-expect-error: no state has the name
  workflow.nodes.functions.finish;
  const any: Workflow = workflow;
  return [any, workflow.nodes.functions.ask?.arn];
}

export function unknownStates(deadLetters: DeadLetters) {
  const common = { deadLetters, timeoutSeconds: 60 };
  // @ts-expect-error: it starts at none of its states
  new Workflow("send", { ...common, startAt: "start", states: { done: succeed() } });
  new Workflow("send", {
    ...common,
    startAt: "ask",
    states: {
      // @ts-expect-error: a task goes on with none
      ask: task(ask, { next: "keep" }),
      // @ts-expect-error: a token task goes on with none
      wait: taskWithToken(keep, { next: "keep" }),
      // @ts-expect-error: an error leads to none
      careful: task(ask, { next: "done", catch: [{ errors, next: "broken" }] }),
      // @ts-expect-error: a value leads to none
      decide: choice({ on: "status", is: { pending: "done", success: "finish" }, otherwise: "done" }),
      // @ts-expect-error: other values lead to none
      compare: choice({ on: "status", is: { pending: "done" }, otherwise: "ended" }),
      // @ts-expect-error: a pause leads to none
      pause: wait({ seconds: 5, next: "go on" }),
      done: succeed(),
    },
  });
}

export function options() {
  task(ask, { next: "done", retry: [{ errors: ["MailUnavailable"], attempts: 5, backoffRate: 1.5 }] });
  // @ts-expect-error: a retry names at least one error
  task(ask, { next: "done", retry: [{ errors: [] }] });
  // @ts-expect-error: nobody could send the heartbeat of a task without a token
  task(ask, { next: "done", heartbeatSeconds: 5 });
  // @ts-expect-error: the handler of a token task gets the token beside the input
  taskWithToken(ask, { next: "done" });
  // @ts-expect-error: a choice says where other values lead
  choice({ on: "status", is: { pending: "wait" } });
  // @ts-expect-error: an execution that fails says why
  fail({});
}

export async function client(states: StatesClient) {
  const { executionArn } = await states.StartExecution({ input: "{}" });
  await states.DescribeExecution({ executionArn });
  await states.SendTaskSuccess({ taskToken: "t", output: "{}" });
  // @ts-expect-error: the state machine is bound already
  await states.StartExecution({ stateMachineArn: "another" });
  // @ts-expect-error: an operation that is none of executions and tasks
  await states.DeleteStateMachine({});
}
