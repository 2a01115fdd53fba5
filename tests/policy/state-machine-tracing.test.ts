import { StateMachine } from "@pulumi/aws/sfn/stateMachine";
import { stateMachineTracing } from "../../policy/rules/state-machine-tracing";
import { judge, unknown } from "./judge";

describe("state-machine-tracing", () => {
  test.each([{}, { tracingConfiguration: {} }, { tracingConfiguration: { enabled: false } }])(
    "refuses %j",
    (props) => {
      expect(judge(stateMachineTracing, StateMachine, props)).toEqual([
        "'subject' does not trace its executions. Set tracingConfiguration to { enabled: true }.",
      ]);
    },
  );

  test.each([
    { tracingConfiguration: { enabled: true } },
    { tracingConfiguration: { enabled: unknown } },
    { tracingConfiguration: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(stateMachineTracing, StateMachine, props)).toEqual([]);
  });

  test("says nothing of a state machine that is exempt with a reason", () => {
    expect(
      judge(stateMachineTracing, StateMachine, {}, { exempt: { subject: "its one state is traced" } }),
    ).toEqual([]);
  });
});
