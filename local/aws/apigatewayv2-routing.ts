import {
  ApiGatewayV2Client,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteResponseCommand,
  type CreateRouteResponseCommandInput,
  DeleteAuthorizerCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteRouteResponseCommand,
  GetAuthorizerCommand,
  GetIntegrationCommand,
  GetRouteCommand,
  GetRouteResponseCommand,
  UpdateAuthorizerCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateRouteResponseCommand,
} from "@aws-sdk/client-apigatewayv2";
import type * as aws from "@pulumi/aws";
import { type Inputs, resource, type ServiceTable } from "../engine/resource";
import { ifPresent } from "./faults";
import { type Fields, keyed, pascal, request } from "./request";

function authorizerSettings(inputs: Inputs<aws.apigatewayv2.AuthorizerArgs>) {
  const { jwtConfiguration: jwt } = inputs;
  return {
    ApiId: inputs.apiId,
    AuthorizerCredentialsArn: inputs.authorizerCredentialsArn,
    AuthorizerPayloadFormatVersion: inputs.authorizerPayloadFormatVersion,
    AuthorizerResultTtlInSeconds: inputs.authorizerResultTtlInSeconds,
    AuthorizerType: inputs.authorizerType,
    AuthorizerUri: inputs.authorizerUri,
    EnableSimpleResponses: inputs.enableSimpleResponses,
    IdentitySource: inputs.identitySources,
    JwtConfiguration: jwt && { Audience: jwt.audiences, Issuer: jwt.issuer },
    Name: inputs.name,
  } satisfies Fields<CreateAuthorizerCommandInput>;
}

const authorizer = resource<aws.apigatewayv2.AuthorizerArgs>({
  nameProperty: "name",
  replaceOn: ["apiId"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    const create = new CreateAuthorizerCommand(request(authorizerSettings(inputs)));
    const { AuthorizerId } = await cloud.client(ApiGatewayV2Client).send(create);
    return { id: AuthorizerId ?? "" };
  },
  async read(id, { apiId: ApiId }, cloud) {
    const get = new GetAuthorizerCommand({ ApiId, AuthorizerId: id });
    const found = await ifPresent(cloud.client(ApiGatewayV2Client).send(get));
    return found && { authorizerResultTtlInSeconds: found.AuthorizerResultTtlInSeconds };
  },
  async update(id, inputs, _old, cloud) {
    const update = new UpdateAuthorizerCommand(request({ ...authorizerSettings(inputs), AuthorizerId: id }));
    await cloud.client(ApiGatewayV2Client).send(update);
    return {};
  },
  async delete(id, { apiId: ApiId }, cloud) {
    const remove = new DeleteAuthorizerCommand({ ApiId, AuthorizerId: id });
    await ifPresent(cloud.client(ApiGatewayV2Client).send(remove));
  },
});

// The emulator keeps no connection, credentials, subtype or TLS settings: they stay inputs.
function integrationSettings(inputs: Inputs<aws.apigatewayv2.IntegrationArgs>) {
  return {
    ApiId: inputs.apiId,
    ConnectionId: inputs.connectionId,
    ConnectionType: inputs.connectionType,
    ContentHandlingStrategy: inputs.contentHandlingStrategy,
    CredentialsArn: inputs.credentialsArn,
    Description: inputs.description ?? "",
    IntegrationMethod: inputs.integrationMethod,
    IntegrationSubtype: inputs.integrationSubtype,
    IntegrationType: inputs.integrationType,
    IntegrationUri: inputs.integrationUri,
    PassthroughBehavior: inputs.passthroughBehavior,
    // The emulator's own default is 2.0; that of AWS is 1.0.
    PayloadFormatVersion: inputs.payloadFormatVersion ?? "1.0",
    RequestParameters: inputs.requestParameters ?? {},
    RequestTemplates: inputs.requestTemplates ?? {},
    ResponseParameters: keyed(
      inputs.responseParameters,
      ({ statusCode }) => statusCode,
      ({ mappings }) => mappings,
    ),
    TemplateSelectionExpression: inputs.templateSelectionExpression,
    TimeoutInMillis: inputs.timeoutMilliseconds,
    TlsConfig: pascal(inputs.tlsConfig),
  } satisfies Fields<CreateIntegrationCommandInput>;
}

const integration = resource<aws.apigatewayv2.IntegrationArgs>({
  replaceOn: ["apiId", "integrationType", "integrationSubtype"],
  outputs: (_id, inputs) => ({ payloadFormatVersion: inputs.payloadFormatVersion ?? "1.0" }),
  async create(inputs, cloud) {
    const create = new CreateIntegrationCommand(request(integrationSettings(inputs)));
    const { IntegrationId } = await cloud.client(ApiGatewayV2Client).send(create);
    return { id: IntegrationId ?? "" };
  },
  async read(id, { apiId: ApiId }, cloud) {
    const get = new GetIntegrationCommand({ ApiId, IntegrationId: id });
    const found = await ifPresent(cloud.client(ApiGatewayV2Client).send(get));
    return found && { timeoutMilliseconds: found.TimeoutInMillis };
  },
  async update(id, inputs, _old, cloud) {
    const { ResponseParameters = {}, ...settings } = integrationSettings(inputs);
    const update = new UpdateIntegrationCommand(
      request({ ...settings, ResponseParameters, IntegrationId: id }),
    );
    await cloud.client(ApiGatewayV2Client).send(update);
    return {};
  },
  async delete(id, { apiId: ApiId }, cloud) {
    const remove = new DeleteIntegrationCommand({ ApiId, IntegrationId: id });
    await ifPresent(cloud.client(ApiGatewayV2Client).send(remove));
  },
});

function routeSettings(inputs: Inputs<aws.apigatewayv2.RouteArgs>) {
  return {
    ApiId: inputs.apiId,
    ApiKeyRequired: inputs.apiKeyRequired,
    AuthorizationScopes: inputs.authorizationScopes,
    AuthorizationType: inputs.authorizationType ?? "NONE",
    AuthorizerId: inputs.authorizerId,
    ModelSelectionExpression: inputs.modelSelectionExpression,
    OperationName: inputs.operationName,
    RequestModels: inputs.requestModels,
    RequestParameters: keyed(
      inputs.requestParameters,
      ({ requestParameterKey }) => requestParameterKey,
      ({ required }) => ({ Required: required }),
    ),
    RouteKey: inputs.routeKey,
    RouteResponseSelectionExpression: inputs.routeResponseSelectionExpression,
    Target: inputs.target,
  } satisfies Fields<CreateRouteCommandInput>;
}

const route = resource<aws.apigatewayv2.RouteArgs>({
  replaceOn: ["apiId"],
  outputs: (_id, inputs) => ({ authorizationType: inputs.authorizationType ?? "NONE" }),
  async create(inputs, cloud) {
    const create = new CreateRouteCommand(request(routeSettings(inputs)));
    const { RouteId } = await cloud.client(ApiGatewayV2Client).send(create);
    return { id: RouteId ?? "" };
  },
  async read(id, { apiId: ApiId }, cloud) {
    const get = new GetRouteCommand({ ApiId, RouteId: id });
    return (await ifPresent(cloud.client(ApiGatewayV2Client).send(get))) && {};
  },
  async update(id, inputs, _old, cloud) {
    const { AuthorizationScopes = [], ...settings } = routeSettings(inputs);
    const update = new UpdateRouteCommand(request({ ...settings, AuthorizationScopes, RouteId: id }));
    await cloud.client(ApiGatewayV2Client).send(update);
    return {};
  },
  async delete(id, { apiId: ApiId }, cloud) {
    await ifPresent(cloud.client(ApiGatewayV2Client).send(new DeleteRouteCommand({ ApiId, RouteId: id })));
  },
});

function routeResponseSettings(inputs: Inputs<aws.apigatewayv2.RouteResponseArgs>) {
  return {
    ApiId: inputs.apiId,
    ModelSelectionExpression: inputs.modelSelectionExpression,
    ResponseModels: inputs.responseModels,
    RouteId: inputs.routeId,
    RouteResponseKey: inputs.routeResponseKey,
  } satisfies Fields<CreateRouteResponseCommandInput>;
}

// The emulator sends what a WebSocket's function answers, with or without one.
const routeResponse = resource<aws.apigatewayv2.RouteResponseArgs>({
  replaceOn: ["apiId", "routeId"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    const create = new CreateRouteResponseCommand(routeResponseSettings(inputs));
    const { RouteResponseId } = await cloud.client(ApiGatewayV2Client).send(create);
    return { id: RouteResponseId ?? "" };
  },
  async read(id, { apiId: ApiId, routeId: RouteId }, cloud) {
    const get = new GetRouteResponseCommand({ ApiId, RouteId, RouteResponseId: id });
    return (await ifPresent(cloud.client(ApiGatewayV2Client).send(get))) && {};
  },
  async update(id, inputs, _old, cloud) {
    const update = new UpdateRouteResponseCommand({ ...routeResponseSettings(inputs), RouteResponseId: id });
    await cloud.client(ApiGatewayV2Client).send(update);
    return {};
  },
  async delete(id, { apiId: ApiId, routeId: RouteId }, cloud) {
    const remove = new DeleteRouteResponseCommand({ ApiId, RouteId, RouteResponseId: id });
    await ifPresent(cloud.client(ApiGatewayV2Client).send(remove));
  },
});

/** What a request to an API passes: its route, who may call it, and what answers. */
export const routing: ServiceTable = {
  "aws:apigatewayv2/authorizer:Authorizer": authorizer,
  "aws:apigatewayv2/integration:Integration": integration,
  "aws:apigatewayv2/route:Route": route,
  "aws:apigatewayv2/routeResponse:RouteResponse": routeResponse,
};
