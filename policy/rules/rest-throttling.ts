import { MethodSettings } from "@pulumi/aws/apigateway/methodSettings";
import { Stage } from "@pulumi/aws/apigateway/stage";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { ofType } from "../stack";

export const restThrottling = stackRule({
  name: "rest-throttling",
  description: "REST APIs have throttling limits of their own, below those of the account.",
  severity: "medium",
  reference: cdkNag("Serverless", "APIGWDefaultThrottling"),
  remediation:
    'Give the stage MethodSettings of "*/*" with throttlingRateLimit (requests per second) and throttlingBurstLimit.',
  type: Stage,
  check: (stage, stack, report) => {
    const settings = ofType(stack, MethodSettings).find(
      ({ resource, props }) =>
        props.methodPath === "*/*" &&
        (resource.dependencies.includes(stage.resource) ||
          (props.restApi === stage.props.restApi && props.stageName === stage.props.stageName)),
    );
    const { throttlingRateLimit, throttlingBurstLimit } = settings?.props.settings ?? {};
    if (!throttlingRateLimit || !throttlingBurstLimit) report("has no throttling limits of its own");
  },
});
