import { StateMachine } from "@pulumi/aws/sfn/stateMachine";
import { stateMachineLogging } from "../../policy/rules/state-machine-logging";
import { judge, unknown } from "./judge";

const logDestination = "arn:aws:logs:eu-west-1:123456789012:log-group:campaign:*";

describe("state-machine-logging", () => {
  test.each([
    [{}, "logs at the level OFF"],
    [{ loggingConfiguration: { logDestination } }, "logs at the level OFF"],
    [{ loggingConfiguration: { level: "FATAL", logDestination } }, "logs at the level FATAL"],
    [{ loggingConfiguration: { level: "ALL" } }, "has no log group to log to"],
  ])("refuses %j", (props, problem) => {
    expect(judge(stateMachineLogging, StateMachine, props)).toEqual([
      expect.stringContaining(`'subject' ${problem}. Set loggingConfiguration to`),
    ]);
  });

  test.each([
    { loggingConfiguration: { level: "ALL", logDestination } },
    { loggingConfiguration: { level: "ERROR", logDestination: unknown } },
    { loggingConfiguration: { level: unknown } },
    { loggingConfiguration: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(stateMachineLogging, StateMachine, props)).toEqual([]);
  });

  test("says nothing of a state machine that is exempt with a reason", () => {
    expect(
      judge(stateMachineLogging, StateMachine, {}, { exempt: { subject: "runs a million times a day" } }),
    ).toEqual([]);
  });
});
