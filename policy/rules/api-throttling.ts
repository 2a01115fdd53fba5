import { Stage } from "@pulumi/aws/apigatewayv2/stage";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

export const apiThrottling = resourceRule({
  name: "api-throttling",
  description: "HTTP and WebSocket APIs have throttling limits of their own, below those of the account.",
  severity: "medium",
  reference: cdkNag("Serverless", "APIGWDefaultThrottling"),
  remediation:
    "Set throttlingRateLimit (requests per second) and throttlingBurstLimit in defaultRouteSettings.",
  type: Stage,
  check: ({ defaultRouteSettings }, report) => {
    const { throttlingRateLimit, throttlingBurstLimit } = defaultRouteSettings ?? {};
    if (!throttlingRateLimit || !throttlingBurstLimit) report("has no throttling limits of its own");
  },
});
