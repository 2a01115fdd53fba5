import { StateMachine } from "@pulumi/aws/sfn/stateMachine";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

export const stateMachineTracing = resourceRule({
  name: "state-machine-tracing",
  description: "State machines trace their executions.",
  severity: "low",
  reference: cdkNag("AwsSolutions", "SF2"),
  remediation: "Set tracingConfiguration to { enabled: true }.",
  type: StateMachine,
  check: ({ tracingConfiguration }, report) => {
    if (!tracingConfiguration?.enabled) report("does not trace its executions");
  },
});
