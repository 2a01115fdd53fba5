import type * as aws from "@pulumi/aws";
import { parseArn } from "../arn";
import { type Graph, isOpen, type Node } from "../graph";
import { authorizerSource, functionCallNeeds, routeSources, serviceCallNeeds } from "./api-gateway";
import { type Need, type NeedsTable, needsOf } from "./need";

const types = {
  api: "aws:apigateway/restApi:RestApi",
  authorizer: "aws:apigateway/authorizer:Authorizer",
  integration: "aws:apigateway/integration:Integration",
  resource: "aws:apigateway/resource:Resource",
  stage: "aws:apigateway/stage:Stage",
};

type Integration = Node<aws.apigateway.IntegrationArgs>;

/** Path of a resource such as `/views/{id}`, empty for the root, which is no resource of its own. */
function pathOf(resourceId: string | undefined, graph: Graph): string {
  const resource = graph.find<aws.apigateway.ResourceArgs>(types.resource, resourceId);
  return resource ? `${pathOf(resource.inputs.parentId, graph)}/${resource.inputs.pathPart}` : "";
}

/** What an integration's address calls in a service. */
interface Called {
  readonly service: string;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Reads `arn:aws:apigateway:<region>:<service>:action/<operation>`, or the form that queues have,
 * `arn:aws:apigateway:<region>:sqs:path/<account>/<queue>`, whose operation stands among the parameters.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
 */
function called({ inputs }: Integration): Called | undefined {
  const parameters = parametersOf(inputs);
  const uri = parseArn(inputs.uri ?? "");
  const [, kind, rest = ""] = /^(action|path)\/(.+)$/.exec(uri?.resource ?? "") ?? [];
  // API Gateway puts the service where other ARNs have the account.
  const service = uri?.account ?? "";
  if (kind === "action") {
    return { service, operation: rest, parameters };
  }
  const [account, name] = rest.split("/");
  if (service !== "sqs" || !name) {
    return undefined;
  }
  const QueueUrl = `arn:${uri?.partition}:sqs:${uri?.region}:${account}:${name}`;
  return { service, operation: parameters.Action ?? "SendMessage", parameters: { QueueUrl } };
}

/** The parameters that are fixed in the program, be they mapped or written in a template as JSON or a form. */
function parametersOf({
  requestParameters,
  requestTemplates,
}: Integration["inputs"]): Record<string, string> {
  const mapped = Object.entries(requestParameters ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key.replace(/^.*\./, ""), value.replace(/^'|'$/g, "")] as const],
  );
  const written = Object.values(requestTemplates ?? {}).flatMap((template = "") =>
    [...withoutDirectives(template).matchAll(/"(\w+)"\s*:\s*"([^"]*)"|(?:^|&)(\w+)=([^&\s]*)/g)].map(
      ([, key, value, field, encoded]) => [key ?? field ?? "", value ?? encoded ?? ""] as const,
    ),
  );
  return Object.fromEntries([...mapped, ...written]);
}

/** A template without what it sets: texts there are parts of what is sent, and look like parameters. */
function withoutDirectives(template: string): string {
  return template.replace(/#set\s*\((?:'[^']*'|"[^"]*"|\([^()]*\)|[^()'"])*\)/g, "");
}

function integrationNeeds(integration: Integration, graph: Graph): Need[] {
  const { restApi, resourceId, httpMethod = "", uri, credentials } = integration.inputs;
  if (isOpen(integration.inputs, "credentials")) {
    return [];
  }
  const api = graph.find(types.api, restApi);
  const path = pathOf(resourceId, graph);
  const because = `API ${api?.name} serves ${httpMethod} ${path || "/"} with it`;
  const call = called(integration);
  if (call) {
    return serviceCallNeeds({ ...call, role: credentials, because }, graph);
  }
  const stages = graph
    .ofType<aws.apigateway.StageArgs>(types.stage)
    .filter(({ inputs }) => inputs.restApi === restApi)
    .map(({ inputs }) => inputs.stageName);
  const route = `${httpMethod.replace("ANY", "*")}${path || "/"}`;
  const sources = routeSources(api?.outputs.executionArn, stages, route);
  return functionCallNeeds({
    uri,
    role: credentials,
    sources: sources.map((sourceArn) => ({ sourceArn, because })),
  });
}

/** REST APIs that are made of resources and methods. */
export const restApi: NeedsTable = {
  [types.integration]: needsOf(integrationNeeds),
  [types.authorizer]: needsOf<aws.apigateway.AuthorizerArgs>(({ id, inputs }, graph) => {
    const api = graph.find(types.api, inputs.restApi);
    const sourceArn = authorizerSource(api?.outputs.executionArn, id);
    return functionCallNeeds({
      uri: isOpen(inputs, "authorizerCredentials") ? undefined : inputs.authorizerUri,
      role: inputs.authorizerCredentials,
      sources: [{ sourceArn, because: `API ${api?.name} authorizes requests with it` }],
    });
  }),
};
