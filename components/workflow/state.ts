import type { Handler } from "../closure/capture";
import type { FunctionOptions, LambdaFunctionArgs } from "../function";
import type { ResultKey } from "./data";
import type { ErrorHandling } from "./errors";

export interface TaskOptions<Next extends string> extends ErrorHandling<Next> {
  readonly next: Next;
  /** Where the result goes in the data. @default it replaces the data */
  readonly result?: ResultKey;
  /** Each attempt fails with `States.Timeout` after that, 1–99999999. @default the function's timeout and 15 s */
  readonly timeoutSeconds?: number;
  /** For this function alone, over the workflow's. */
  readonly function?: FunctionOptions;
  readonly environment?: LambdaFunctionArgs<never, unknown>["environment"];
}

export interface TokenTaskOptions<Next extends string> extends TaskOptions<Next> {
  /** Each attempt, so all the waiting, fails with `States.Timeout` after that. @default the workflow's */
  readonly timeoutSeconds?: number;
  /**
   * An attempt fails with `States.HeartbeatTimeout` when nobody sends a heartbeat or the result for so long; less than
   * `timeoutSeconds`. @default no heartbeat is asked for
   */
  readonly heartbeatSeconds?: number;
}

/** What the handler of a token task gets. */
export interface TokenEvent<Input = unknown> {
  /** Who has it ends the task, by `SendTaskSuccess` or `SendTaskFailure`; each attempt has one of its own. */
  readonly token: string;
  /** The state's data. */
  readonly input: Input;
}

export interface ChoiceOptions<Next extends string> {
  /** Field of the data, or a path such as `mail.status`. */
  readonly on: string;
  /** Value of the field → next state; numbers and booleans compare as text. */
  readonly is: Readonly<Record<string, Next>>;
  /** For any other value, and for none. */
  readonly otherwise: Next;
}

export interface WaitOptions<Next extends string> {
  /** 0–99999999, or the field of the data, or path, that holds it. */
  readonly seconds: number | string;
  readonly next: Next;
}

export interface FailOptions {
  /** Name of the error, or a JSONata expression in `{% … %}`. */
  readonly error: string;
  /** What happened, or a JSONata expression in `{% … %}`. */
  readonly cause?: string;
}

/** A state that calls a function. */
export interface Task<Next extends string> extends TokenTaskOptions<Next> {
  readonly type: "Task";
  readonly handler: Handler<never, unknown>;
  readonly waitsForToken: boolean;
}

/** A state of a workflow, by the names of those that may follow it. */
export type State<Next extends string = string> =
  | Task<Next>
  | (ChoiceOptions<Next> & { readonly type: "Choice" })
  | (WaitOptions<Next> & { readonly type: "Wait" })
  | { readonly type: "Succeed" }
  | (FailOptions & { readonly type: "Fail" });

// Below, NoInfer lets a state's options alone say what follows it, rather than the workflow it stands in.

/** Calls the handler with the state's data, and hands on what it returns. */
export function task<Input, Next extends string>(
  handler: Handler<Input, unknown>,
  options: TaskOptions<Next>,
): State<NoInfer<Next>> {
  return { ...options, type: "Task", handler, waitsForToken: false };
}

/**
 * Calls the handler with a token, then waits until somebody who got it calls `SendTaskSuccess`, whose output it hands on,
 * or `SendTaskFailure`. What the handler returns is dropped; an error that it throws fails the task at once.
 */
export function taskWithToken<Input, Next extends string>(
  handler: Handler<TokenEvent<Input>, unknown>,
  options: TokenTaskOptions<Next>,
): State<NoInfer<Next>> {
  return { ...options, type: "Task", handler, waitsForToken: true };
}

/** Goes on by the value of one field of the data. */
export function choice<Next extends string>(options: ChoiceOptions<Next>): State<NoInfer<Next>> {
  return { ...options, type: "Choice" };
}

/** Goes on after a while. */
export function wait<Next extends string>(options: WaitOptions<Next>): State<NoInfer<Next>> {
  return { ...options, type: "Wait" };
}

/** Ends the execution; its output is the data. */
export function succeed(): State<never> {
  return { type: "Succeed" };
}

/** Ends the execution with an error, of which the workflow's alarm tells. */
export function fail(options: FailOptions): State<never> {
  return { ...options, type: "Fail" };
}

/** The states that may follow; after an end, none. */
export function following<Next extends string>(state: State<Next>): Next[] {
  switch (state.type) {
    case "Task":
      return [state.next, ...(state.catch ?? []).map(({ next }) => next)];
    case "Choice":
      return [...Object.values<Next>(state.is), state.otherwise];
    case "Wait":
      return [state.next];
    default:
      return [];
  }
}
