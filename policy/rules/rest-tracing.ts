import { Stage } from "@pulumi/aws/apigateway/stage";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const restTracing = resourceRule({
  name: "rest-tracing",
  description: "REST APIs trace requests.",
  severity: "low",
  reference: fsbp("APIGateway.3", "API Gateway REST API stages should have AWS X-Ray tracing enabled"),
  remediation: "Set xrayTracingEnabled to true.",
  type: Stage,
  check: ({ xrayTracingEnabled }, report) => {
    if (xrayTracingEnabled !== true) report("does not trace requests");
  },
});
