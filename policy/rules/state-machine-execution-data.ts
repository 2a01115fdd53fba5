import { StateMachine } from "@pulumi/aws/sfn/stateMachine";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/** What states hand on may be personal, and a task token lets whoever reads it go on in the task's place. */
export const stateMachineExecutionData = resourceRule({
  name: "state-machine-execution-data",
  description: "Logs of state machines leave out what the states hand on.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"),
  remediation:
    "Set loggingConfiguration.includeExecutionData to false; the history of an execution shows it to who may read that.",
  type: StateMachine,
  check: ({ loggingConfiguration }, report) => {
    if (loggingConfiguration?.includeExecutionData) report("writes what its states hand on into its log");
  },
});
