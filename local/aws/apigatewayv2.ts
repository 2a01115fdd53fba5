import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateDeploymentCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
  DeleteApiCommand,
  DeleteCorsConfigurationCommand,
  DeleteDeploymentCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetDeploymentCommand,
  GetStageCommand,
  type RouteSettings,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { domains } from "./apigatewayv2-domain";
import { routing } from "./apigatewayv2-routing";
import { createAnew, ifPresent, refuse } from "./faults";
import { type Fields, keyed, nameOf, pascal, request } from "./request";
import { retag, type Tags } from "./tags";

type ApiInputs = Inputs<aws.apigatewayv2.ApiArgs>;

function arnOf(resourcePart: string, { region }: Place): string {
  return `arn:aws:apigateway:${region}::/${resourcePart}`;
}

async function retagAt(ResourceArn: string, tags: Tags | undefined, old: Tags | undefined, cloud: Cloud) {
  const gateway = cloud.client(ApiGatewayV2Client);
  await retag(tags, old, {
    tag: (changed) => gateway.send(new TagResourceCommand({ ResourceArn, Tags: changed })),
    untag: (TagKeys) => gateway.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
  });
}

/** Where clients reach an API: the path form of the front door in the local cloud, which needs no DNS. */
function apiEndpoint(apiId: string, protocol: string | undefined, { endpoint, region }: Place): string {
  const address = endpoint
    ? `${endpoint}/_aws/execute-api/${apiId}`
    : `https://${apiId}.execute-api.${region}.amazonaws.com`;
  return protocol === "WEBSOCKET" ? address.replace(/^http/, "ws") : address;
}

function executionArn(apiId: string, { region, account }: Place): string {
  return `arn:aws:execute-api:${region}:${account}:${apiId}`;
}

function apiSettings(inputs: ApiInputs) {
  return {
    Name: inputs.name,
    ApiKeySelectionExpression: inputs.apiKeySelectionExpression,
    CorsConfiguration: pascal(inputs.corsConfiguration),
    Description: inputs.description ?? "",
    DisableExecuteApiEndpoint: inputs.disableExecuteApiEndpoint,
    IpAddressType: inputs.ipAddressType,
    RouteSelectionExpression: inputs.routeSelectionExpression,
    Version: inputs.version ?? "",
  } satisfies Fields<CreateApiCommandInput>;
}

const api = resource<aws.apigatewayv2.ApiArgs>({
  nameProperty: "name",
  replaceOn: ["protocolType"],
  outputs: (id, inputs, place) => ({
    apiEndpoint: apiEndpoint(id, inputs.protocolType, place),
    arn: arnOf(`apis/${id}`, place),
    executionArn: executionArn(id, place),
  }),
  async create(inputs, cloud) {
    refuse(
      "aws:apigatewayv2/api:Api",
      inputs,
      ["body", "routeKey", "target"],
      "Declare routes, integrations and the stage as resources.",
    );
    const { protocolType: ProtocolType, tags: Tags } = inputs;
    const create = new CreateApiCommand(request({ ...apiSettings(inputs), ProtocolType, Tags }));
    const { ApiId } = await cloud.client(ApiGatewayV2Client).send(create);
    return { id: ApiId ?? "" };
  },
  async read(id, _inputs, cloud) {
    return (await ifPresent(cloud.client(ApiGatewayV2Client).send(new GetApiCommand({ ApiId: id })))) && {};
  },
  async update(id, inputs, old, cloud) {
    const gateway = cloud.client(ApiGatewayV2Client);
    const key = { ApiId: id };
    await gateway.send(new UpdateApiCommand(request({ ...apiSettings(inputs), ...key })));
    // UpdateApi replaces a CORS configuration but cannot take it away.
    if (old.corsConfiguration && !inputs.corsConfiguration) {
      await gateway.send(new DeleteCorsConfigurationCommand(key));
    }
    await retagAt(arnOf(`apis/${id}`, cloud), inputs.tags, old.tags, cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(ApiGatewayV2Client).send(new DeleteApiCommand({ ApiId: id })));
  },
});

type StageInputs = Inputs<aws.apigatewayv2.StageArgs>;

function routeSettings(settings: NonNullable<StageInputs["defaultRouteSettings"]>) {
  return {
    DataTraceEnabled: settings.dataTraceEnabled,
    DetailedMetricsEnabled: settings.detailedMetricsEnabled,
    LoggingLevel: settings.loggingLevel,
    ThrottlingBurstLimit: settings.throttlingBurstLimit,
    ThrottlingRateLimit: settings.throttlingRateLimit,
  } satisfies Fields<RouteSettings>;
}

// The emulator keeps access log, throttling and metrics settings without heeding them: the front door does.
function stageSettings(inputs: StageInputs) {
  const { defaultRouteSettings: defaults } = inputs;
  return {
    ApiId: inputs.apiId,
    StageName: inputs.name,
    AccessLogSettings: pascal(inputs.accessLogSettings),
    AutoDeploy: inputs.autoDeploy ?? false,
    ClientCertificateId: inputs.clientCertificateId,
    DefaultRouteSettings: defaults && routeSettings(defaults),
    DeploymentId: inputs.deploymentId,
    Description: inputs.description ?? "",
    RouteSettings: keyed(inputs.routeSettings, ({ routeKey }) => routeKey, routeSettings),
    StageVariables: inputs.stageVariables ?? {},
  } satisfies Fields<CreateStageCommandInput>;
}

/** Where clients reach a stage; `$default` is the root of the API. */
function invokeUrl({ apiId, name }: StageInputs, protocol: string | undefined, place: Place): string {
  return `${apiEndpoint(apiId, protocol, place)}/${name === "$default" ? "" : name}`;
}

/** Only the API tells whether its address is one of WebSockets. */
async function known(inputs: StageInputs, cloud: Cloud) {
  const { ProtocolType } = await cloud
    .client(ApiGatewayV2Client)
    .send(new GetApiCommand({ ApiId: inputs.apiId }));
  return { invokeUrl: invokeUrl(inputs, ProtocolType, cloud) };
}

function stageArn({ apiId, name }: StageInputs, place: Place): string {
  return arnOf(`apis/${apiId}/stages/${name}`, place);
}

const stage = resource<aws.apigatewayv2.StageArgs>({
  nameProperty: "name",
  replaceOn: ["apiId", "name"],
  outputs: (id, inputs, place) => ({
    arn: stageArn(inputs, place),
    executionArn: `${executionArn(inputs.apiId, place)}/${id}`,
    invokeUrl: invokeUrl(inputs, "HTTP", place),
  }),
  async create(inputs, cloud) {
    const gateway = cloud.client(ApiGatewayV2Client);
    const { apiId: ApiId, name: StageName, tags: Tags } = inputs;
    const create = new CreateStageCommand(request({ ...stageSettings(inputs), Tags }));
    await createAnew(
      () => gateway.send(create),
      () => gateway.send(new DeleteStageCommand({ ApiId, StageName })),
    );
    return { id: nameOf(inputs), outputs: await known(inputs, cloud) };
  },
  async read(id, inputs, cloud) {
    const get = new GetStageCommand({ ApiId: inputs.apiId, StageName: id });
    return (await ifPresent(cloud.client(ApiGatewayV2Client).send(get))) && known(inputs, cloud);
  },
  async update(_id, inputs, old, cloud) {
    const { DefaultRouteSettings = {}, RouteSettings = {}, ...settings } = stageSettings(inputs);
    const update = new UpdateStageCommand(request({ ...settings, DefaultRouteSettings, RouteSettings }));
    await cloud.client(ApiGatewayV2Client).send(update);
    await retagAt(stageArn(inputs, cloud), inputs.tags, old.tags, cloud);
    return known(inputs, cloud);
  },
  async delete(id, { apiId: ApiId }, cloud) {
    await ifPresent(cloud.client(ApiGatewayV2Client).send(new DeleteStageCommand({ ApiId, StageName: id })));
  },
});

// The emulator changes no deployment, and a new one does no harm: every change replaces.
const deployment = resource<aws.apigatewayv2.DeploymentArgs>({
  outputs: () => ({ autoDeployed: false }),
  async create({ apiId: ApiId, description: Description }, cloud) {
    const create = new CreateDeploymentCommand({ ApiId, Description });
    const { DeploymentId } = await cloud.client(ApiGatewayV2Client).send(create);
    return { id: DeploymentId ?? "" };
  },
  async read(id, { apiId: ApiId }, cloud) {
    const get = new GetDeploymentCommand({ ApiId, DeploymentId: id });
    return (await ifPresent(cloud.client(ApiGatewayV2Client).send(get))) && {};
  },
  async delete(id, { apiId: ApiId }, cloud) {
    const remove = new DeleteDeploymentCommand({ ApiId, DeploymentId: id });
    await ifPresent(cloud.client(ApiGatewayV2Client).send(remove));
  },
});

export const apigatewayv2: ServiceTable = {
  ...domains,
  ...routing,
  "aws:apigatewayv2/api:Api": api,
  "aws:apigatewayv2/stage:Stage": stage,
  "aws:apigatewayv2/deployment:Deployment": deployment,
};
