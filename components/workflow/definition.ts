import type { FunctionOptions } from "../function";
import type { Described } from "./check";
import { handedOn, inputAt, jsonata } from "./data";
import { errorFields } from "./errors";
import type { ChoiceOptions, State, Task } from "./state";

/**
 * What an attempt may take besides the function's timeout, which begins when it has started: a start of up to 10 s, and
 * the way there. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const startSeconds = 15;

/** A state machine in Amazon States Language. @see https://states-language.net */
export type Definition = Readonly<Record<string, unknown>>;

/**
 * The definition of a workflow's state machine.
 * @param functionArns state → the function it calls
 * @param functions options of those whose own do not say otherwise
 */
export function definitionOf(
  { startAt, timeoutSeconds, states }: Described,
  functionArns: Readonly<Record<string, string>>,
  functions: FunctionOptions = {},
): Definition {
  return {
    QueryLanguage: "JSONata",
    StartAt: startAt,
    TimeoutSeconds: timeoutSeconds,
    States: Object.fromEntries(
      Object.entries(states).map(([name, state]) => [
        name,
        stateOf(state, functionArns[name] ?? "", functions),
      ]),
    ),
  };
}

function stateOf(state: State, functionArn: string, functions: FunctionOptions): Definition {
  switch (state.type) {
    case "Task":
      return taskOf(state, functionArn, functions);
    case "Choice":
      return { Type: "Choice", Choices: rulesOf(state), Default: state.otherwise };
    case "Wait": {
      const { seconds, next } = state;
      return {
        Type: "Wait",
        Seconds: typeof seconds === "number" ? seconds : jsonata(inputAt(seconds)),
        Next: next,
      };
    }
    case "Succeed":
      return { Type: "Succeed" };
    case "Fail":
      return { Type: "Fail", Error: state.error, Cause: state.cause };
  }
}

function taskOf(task: Task<string>, functionArn: string, functions: FunctionOptions): Definition {
  const { waitsForToken, result, next, heartbeatSeconds } = task;
  const [, partition] = functionArn.split(":");
  const { timeoutSeconds = 10 } = { ...functions, ...task.function };
  const input = jsonata("$states.input");
  return {
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke${waitsForToken ? ".waitForTaskToken" : ""}`,
    Arguments: {
      FunctionName: functionArn,
      Payload: waitsForToken ? { token: jsonata("$states.context.Task.Token"), input } : input,
    },
    Output: handedOn(result, waitsForToken ? "$states.result" : "$states.result.Payload"),
    TimeoutSeconds: task.timeoutSeconds ?? (waitsForToken ? undefined : timeoutSeconds + startSeconds),
    HeartbeatSeconds: heartbeatSeconds,
    ...errorFields(task),
    Next: next,
  };
}

/** As text, so that `is` holds for numbers and booleans too; where there is no field, no comparison does. */
function rulesOf({ on, is }: ChoiceOptions<string>): Definition[] {
  return Object.entries(is).map(([value, next]) => ({
    Condition: jsonata(`$string(${inputAt(on)}) = ${JSON.stringify(value)}`),
    Next: next,
  }));
}
