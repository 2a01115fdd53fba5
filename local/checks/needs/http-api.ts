import type * as aws from "@pulumi/aws";
import { type Graph, isOpen, type Node } from "../graph";
import { authorizerSource, functionCallNeeds, routeSources, serviceCallNeeds } from "./api-gateway";
import { type Need, type NeedsTable, needsOf } from "./need";

const types = {
  api: "aws:apigatewayv2/api:Api",
  authorizer: "aws:apigatewayv2/authorizer:Authorizer",
  integration: "aws:apigatewayv2/integration:Integration",
  route: "aws:apigatewayv2/route:Route",
  stage: "aws:apigatewayv2/stage:Stage",
};

/** `integrationSubtype` begins with the service by the name that API Gateway has for it. */
const services: Readonly<Record<string, string>> = {
  EventBridge: "events",
  Kinesis: "kinesis",
  SQS: "sqs",
  StepFunctions: "states",
};

/** Keys of the routes that use the integration, such as `GET /photos/{id}`, `$default` or `$connect`. */
function routeKeys({ id, inputs }: Node<aws.apigatewayv2.IntegrationArgs>, graph: Graph): string[] {
  return graph
    .ofType<aws.apigatewayv2.RouteArgs>(types.route)
    .filter((route) => route.inputs.apiId === inputs.apiId && route.inputs.target === `integrations/${id}`)
    .flatMap(({ inputs: { routeKey } }) => routeKey ?? []);
}

/** `GET /photos` → `GET/photos`; any method → `*`, since the permission must cover each. */
function routePart(routeKey: string): string {
  return routeKey.replace(/^ANY /, "* ").replace(" ", "");
}

function integrationNeeds(integration: Node<aws.apigatewayv2.IntegrationArgs>, graph: Graph): Need[] {
  const { apiId, integrationUri, credentialsArn, integrationSubtype, requestParameters } = integration.inputs;
  if (isOpen(integration.inputs, "credentialsArn")) {
    return [];
  }
  const api = graph.find(types.api, apiId);
  const stages = graph
    .ofType<aws.apigatewayv2.StageArgs>(types.stage)
    .filter(({ inputs }) => inputs.apiId === apiId)
    .map(({ outputs: { name } }) => (typeof name === "string" ? name : undefined));
  const keys = routeKeys(integration, graph);
  const because = (key: string) => `API ${api?.name} serves ${key} with it`;
  const [prefix = "", operation = ""] = integrationSubtype?.split("-") ?? [];
  if (integrationSubtype !== undefined) {
    const call = { role: credentialsArn, service: services[prefix] ?? prefix, operation };
    return keys.flatMap((key) =>
      serviceCallNeeds({ ...call, parameters: requestParameters, because: because(key) }, graph),
    );
  }
  return functionCallNeeds({
    uri: integrationUri,
    role: credentialsArn,
    sources: keys.flatMap((key) =>
      routeSources(api?.outputs.executionArn, stages, routePart(key)).map((sourceArn) => ({
        sourceArn,
        because: because(key),
      })),
    ),
  });
}

/** HTTP and WebSocket APIs. */
export const httpApi: NeedsTable = {
  [types.integration]: needsOf(integrationNeeds),
  [types.authorizer]: needsOf<aws.apigatewayv2.AuthorizerArgs>(({ id, inputs }, graph) => {
    const { apiId, authorizerUri, authorizerCredentialsArn } = inputs;
    const api = graph.find(types.api, apiId);
    return functionCallNeeds({
      uri: isOpen(inputs, "authorizerCredentialsArn") ? undefined : authorizerUri,
      role: authorizerCredentialsArn,
      sources: [
        {
          sourceArn: authorizerSource(api?.outputs.executionArn, id),
          because: `API ${api?.name} authorizes requests with it`,
        },
      ],
    });
  }),
};
