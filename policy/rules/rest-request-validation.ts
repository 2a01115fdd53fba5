import { Integration } from "@pulumi/aws/apigateway/integration";
import { Method } from "@pulumi/aws/apigateway/method";
import { RequestValidator } from "@pulumi/aws/apigateway/requestValidator";
import { known } from "../known";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { ofType, referred } from "../stack";

/** Without a function there is nobody else to look at a request before a service of AWS takes it. */
export const restRequestValidation = stackRule({
  name: "rest-request-validation",
  description: "What a REST API passes to a service of AWS without a function has been validated before.",
  severity: "high",
  reference: cdkNag("AwsSolutions", "APIG2"),
  remediation:
    "Give the method requestModels and a RequestValidator with validateRequestBody, and the integration " +
    'passthroughBehavior "NEVER", since a media type without a model is not validated.',
  type: Integration,
  check: (integration, stack, report) => {
    const { type, uri, passthroughBehavior } = integration.props;
    if (type !== "AWS" || uri?.includes(":lambda:path/")) return;
    if (passthroughBehavior !== "NEVER") report("passes on media types that no model has judged");
    const methods = ofType(stack, Method);
    const method =
      methods.find(({ resource }) => integration.resource.dependencies.includes(resource)) ??
      methods.find(
        ({ props }) =>
          props.restApi === integration.props.restApi &&
          props.resourceId === integration.props.resourceId &&
          props.httpMethod === integration.props.httpMethod,
      );
    if (!method) return;
    const { props } = method;
    const validator = referred(
      method,
      "requestValidatorId",
      () => props.requestValidatorId,
      ofType(stack, RequestValidator),
    );
    const isJudged = known(() => props.requestModels) && known(() => props.requestValidatorId);
    if (!isJudged || validator?.props.validateRequestBody === false) {
      report(`passes on bodies that '${method.resource.name}' does not validate`);
    }
  },
});
