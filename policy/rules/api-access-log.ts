import { Stage } from "@pulumi/aws/apigatewayv2/stage";
import { known } from "../known";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const apiAccessLog = resourceRule({
  name: "api-access-log",
  description: "HTTP and WebSocket APIs log who asks for what.",
  severity: "medium",
  reference: fsbp("APIGateway.9", "Access logging should be configured for API Gateway V2 Stages"),
  remediation: "Set accessLogSettings to { destinationArn, format }, the ARN of a log group.",
  type: Stage,
  check: ({ accessLogSettings }, report) => {
    if (!known(() => accessLogSettings?.destinationArn)) report("does not log accesses");
  },
});
