import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { runsAtEdge } from "../function";
import { fsbp } from "../reference";
import { stackRule } from "../rule";

export const functionTracing = stackRule({
  name: "function-tracing",
  description: "Functions trace what they do.",
  severity: "low",
  reference: fsbp("Lambda.7", "Lambda functions should have AWS X-Ray active tracing enabled"),
  remediation: 'Set tracingConfig to { mode: "Active" }.',
  type: LambdaFunction,
  check: (found, stack, report) => {
    if (runsAtEdge(found, stack)) return;
    if (found.props.tracingConfig?.mode !== "Active") report("does not trace its invocations");
  },
});
