import { StateMachine } from "@pulumi/aws/sfn/stateMachine";
import { stateMachineExecutionData } from "../../policy/rules/state-machine-execution-data";
import { judge, unknown } from "./judge";

const loggingConfiguration = { level: "ALL", includeExecutionData: true };

describe("state-machine-execution-data", () => {
  test("refuses a log with what the states hand on", () => {
    expect(judge(stateMachineExecutionData, StateMachine, { loggingConfiguration })).toEqual([
      expect.stringMatching(/^'subject' writes what its states hand on .* Set loggingConfiguration\.include/),
    ]);
  });

  test.each([
    {},
    { loggingConfiguration: { level: "ALL" } },
    { loggingConfiguration: { includeExecutionData: false } },
    { loggingConfiguration: { includeExecutionData: unknown } },
    { loggingConfiguration: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(stateMachineExecutionData, StateMachine, props)).toEqual([]);
  });

  test("says nothing of a state machine that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { subject: "hands on public numbers only" } };

    // Act
    const messages = judge(stateMachineExecutionData, StateMachine, { loggingConfiguration }, config);

    // Assess
    expect(messages).toEqual([]);
  });
});
