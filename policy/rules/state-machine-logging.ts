import { StateMachine } from "@pulumi/aws/sfn/stateMachine";
import { known } from "../known";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

/** Of `FATAL` a log tells that an execution failed, and not which of its states did. */
const levels = new Set(["ALL", "ERROR"]);

export const stateMachineLogging = resourceRule({
  name: "state-machine-logging",
  description: "State machines log at least what goes wrong in their states.",
  severity: "medium",
  reference: fsbp("StepFunctions.1", "Step Functions state machines should have logging turned on"),
  remediation:
    'Set loggingConfiguration to { level: "ALL" or "ERROR", logDestination }, the ARN of a log group with ":*" behind it.',
  type: StateMachine,
  check: ({ loggingConfiguration }, report) => {
    const { level = "OFF" } = loggingConfiguration ?? {};
    if (!levels.has(level)) return report(`logs at the level ${level}`);
    if (!known(() => loggingConfiguration?.logDestination)) report("has no log group to log to");
  },
});
