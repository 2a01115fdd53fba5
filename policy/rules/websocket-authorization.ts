import { Api } from "@pulumi/aws/apigatewayv2/api";
import { Route } from "@pulumi/aws/apigatewayv2/route";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

/** An HTTP API has routes that are open on purpose; a socket has one door, and all behind it trusts who came in. */
export const websocketAuthorization = stackRule({
  name: "websocket-authorization",
  description: "Who connects to a WebSocket API is authorized.",
  severity: "high",
  reference: fsbp("APIGateway.8", "API Gateway routes should specify an authorization type"),
  remediation:
    "Give the API a $connect route whose authorizationType is CUSTOM, with an authorizerId, or AWS_IAM.",
  type: Api,
  check: (api, stack, report) => {
    if (api.props.protocolType !== "WEBSOCKET") return;
    const connect = referrers(api, stack, ofType(stack, Route), "apiId", ({ props }) => props.apiId).find(
      ({ props }) => props.routeKey === "$connect",
    );
    if (!connect) return report("lets anybody connect for lack of a $connect route");
    const { authorizationType = "NONE" } = connect.props;
    if (authorizationType === "NONE") report(`lets anybody connect by '${connect.resource.name}'`);
  },
});
