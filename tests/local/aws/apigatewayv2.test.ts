import {
  ApiGatewayV2Client,
  GetApiCommand,
  GetApiMappingCommand,
  GetAuthorizerCommand,
  GetDomainNameCommand,
  GetIntegrationCommand,
  GetRouteCommand,
  GetStageCommand,
  GetTagsCommand,
} from "@aws-sdk/client-apigatewayv2";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type * as aws from "@pulumi/aws";
import { asset } from "@pulumi/pulumi";
import { apigatewayv2 } from "../../../local/aws/apigatewayv2";
import { cognito } from "../../../local/aws/cognito";
import { iam } from "../../../local/aws/iam";
import { lambda } from "../../../local/aws/lambda";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(apigatewayv2, cognito, iam, lambda);
});

afterAll(() => stack.stop());

const createApi = (inputs: Partial<Inputs<aws.apigatewayv2.ApiArgs>>) =>
  stack.create<aws.apigatewayv2.ApiArgs>("aws:apigatewayv2/api:Api", { protocolType: "HTTP", ...inputs });
const createAuthorizer = (inputs: Inputs<aws.apigatewayv2.AuthorizerArgs>) =>
  stack.create<aws.apigatewayv2.AuthorizerArgs>("aws:apigatewayv2/authorizer:Authorizer", inputs);
const createIntegration = (inputs: Inputs<aws.apigatewayv2.IntegrationArgs>) =>
  stack.create<aws.apigatewayv2.IntegrationArgs>("aws:apigatewayv2/integration:Integration", inputs);
const createRoute = (inputs: Inputs<aws.apigatewayv2.RouteArgs>) =>
  stack.create<aws.apigatewayv2.RouteArgs>("aws:apigatewayv2/route:Route", inputs);
const createStage = (inputs: Inputs<aws.apigatewayv2.StageArgs>) =>
  stack.create<aws.apigatewayv2.StageArgs>("aws:apigatewayv2/stage:Stage", inputs);

const gateway = () => stack.cloud.client(ApiGatewayV2Client);

/** A function that answers every request with an expression over `event`. */
async function createFunction(name: string, answer: string) {
  const role = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", { name, assumeRolePolicy: "{}" });
  return stack.create<aws.lambda.FunctionArgs>("aws:lambda/function:Function", {
    name,
    code: new asset.AssetArchive({
      "index.js": new asset.StringAsset(`exports.handler = async (event) => (${answer});`),
    }),
    handler: "index.handler",
    runtime: "nodejs20.x",
    role: String(role.outputs.arn),
  });
}

/** A user pool with a user who is signed in. */
async function signedIn() {
  const pool = await stack.create<aws.cognito.UserPoolArgs>("aws:cognito/userPool:UserPool", {
    name: "users",
  });
  const app = await stack.create<aws.cognito.UserPoolClientArgs>(
    "aws:cognito/userPoolClient:UserPoolClient",
    {
      name: "site",
      userPoolId: pool.id,
      explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    },
  );
  const users = stack.cloud.client(CognitoIdentityProviderClient);
  const user = { UserPoolId: pool.id, Username: "ada" };
  const Password = "Correct-horse-1";
  await users.send(new AdminCreateUserCommand(user));
  await users.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
  const signIn = new InitiateAuthCommand({
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: "ada", PASSWORD: Password },
    ClientId: app.id,
  });
  const { AuthenticationResult } = await users.send(signIn);
  return { pool, app, token: AuthenticationResult?.AccessToken ?? "" };
}

test.each(["$default", "v1"])(
  "a route in stage %s answers who has a token of the issuer",
  async (stageName) => {
    // Prepare
    const { pool, app, token } = await signedIn();
    const answering = await createFunction(
      `answering-${stageName.replace("$", "")}`,
      "({ path: event.rawPath, user: event.requestContext.authorizer.jwt.claims.username })",
    );
    const api = await createApi({ name: "photos" });
    const authorizer = await createAuthorizer({
      apiId: api.id,
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { audiences: [app.id], issuer: `https://${pool.outputs.endpoint}` },
      name: "users",
    });
    const integration = await createIntegration({
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: String(answering.outputs.invokeArn),
      payloadFormatVersion: "2.0",
    });
    await createRoute({
      apiId: api.id,
      routeKey: "GET /photos/{id}",
      authorizationType: "JWT",
      authorizerId: authorizer.id,
      target: `integrations/${integration.id}`,
    });
    const stage = await createStage({ apiId: api.id, name: stageName, autoDeploy: true });
    const url = `${String(stage.outputs.invokeUrl).replace(/\/$/, "")}/photos/p1`;

    // Act
    const without = await fetch(url);
    const withToken = await fetch(url, { headers: { authorization: `Bearer ${token}` } });

    // Assess
    expect(without.status).toBe(401);
    expect(withToken.status).toBe(200);
    expect(await withToken.json()).toEqual({ path: expect.stringContaining("/photos/p1"), user: "ada" });
  },
);

test("a route asks its request authorizer", async () => {
  // Prepare
  const answering = await createFunction("open", "event.requestContext.authorizer.lambda.name");
  const deciding = await createFunction(
    "deciding",
    '({ isAuthorized: event.headers["x-pass"] === "please", context: { name: "ada" } })',
  );
  const api = await createApi({ name: "guarded" });
  const authorizer = await createAuthorizer({
    apiId: api.id,
    authorizerType: "REQUEST",
    authorizerPayloadFormatVersion: "2.0",
    authorizerResultTtlInSeconds: 0,
    authorizerUri: String(deciding.outputs.invokeArn),
    enableSimpleResponses: true,
    identitySources: ["$request.header.x-pass"],
  });
  const integration = await createIntegration({
    apiId: api.id,
    integrationType: "AWS_PROXY",
    integrationUri: String(answering.outputs.invokeArn),
    payloadFormatVersion: "2.0",
  });
  await createRoute({
    apiId: api.id,
    routeKey: "$default",
    authorizationType: "CUSTOM",
    authorizerId: authorizer.id,
    target: `integrations/${integration.id}`,
  });
  const stage = await createStage({ apiId: api.id, name: "$default", autoDeploy: true });
  const ask = (pass: string) => fetch(`${stage.outputs.invokeUrl}any`, { headers: { "x-pass": pass } });

  // Act
  const refused = await ask("no");
  const admitted = await ask("please");

  // Assess
  expect(refused.status).toBe(403);
  expect(await admitted.text()).toBe("ada");
});

test("an API lives from creation to deletion", async () => {
  // Prepare
  const corsConfiguration = { allowOrigins: ["https://example.org"], allowMethods: ["GET"], maxAge: 60 };
  const api = await createApi({
    name: "life",
    corsConfiguration,
    description: "first",
    tags: { a: "1", b: "2" },
  });
  const get = new GetApiCommand({ ApiId: api.id });
  const created = await gateway().send(get);

  // Act
  await api.update({
    name: "renamed",
    corsConfiguration: undefined,
    description: undefined,
    tags: { b: "3" },
  });
  const updated = await gateway().send(get);
  const { Tags } = await gateway().send(new GetTagsCommand({ ResourceArn: String(api.outputs.arn) }));
  const present = await api.read();
  await api.delete();
  await api.delete();

  // Assess
  expect(api.outputs).toMatchObject({
    apiEndpoint: `${stack.endpoint}/_aws/execute-api/${api.id}`,
    arn: `arn:aws:apigateway:us-east-1::/apis/${api.id}`,
    executionArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}`,
  });
  expect(created).toMatchObject({
    CorsConfiguration: { AllowOrigins: ["https://example.org"], MaxAge: 60 },
    Description: "first",
  });
  expect(updated).toMatchObject({ Name: "renamed", Description: "" });
  expect(updated.CorsConfiguration).toBeUndefined();
  expect(Tags).toEqual({ b: "3" });
  expect(present).toEqual({});
  expect(await api.read()).toBeUndefined();
});

test("an API from an OpenAPI document is refused", async () => {
  // Act
  const creation = createApi({ body: "{}" });

  // Assess
  await expect(creation).rejects.toThrow('the local cloud has no "body"');
});

test("authorizer, integration and route live from creation to deletion", async () => {
  // Prepare
  const { id: apiId } = await createApi({ name: "parts" });
  const authorizer = await createAuthorizer({
    apiId,
    authorizerType: "JWT",
    identitySources: ["$request.header.Authorization"],
    jwtConfiguration: { audiences: ["a"], issuer: "https://example.org" },
  });
  const integration = await createIntegration({
    apiId,
    integrationType: "HTTP_PROXY",
    integrationMethod: "GET",
    integrationUri: "https://example.org",
    requestParameters: { "append:header.x": "1" },
    responseParameters: [{ statusCode: "403", mappings: { "append:header.y": "2" } }],
  });
  const route = await createRoute({
    apiId,
    routeKey: "GET /",
    authorizationType: "JWT",
    authorizerId: authorizer.id,
    authorizationScopes: ["read"],
    requestParameters: [{ requestParameterKey: "route.request.querystring.q", required: true }],
    target: `integrations/${integration.id}`,
  });
  const getAuthorizer = new GetAuthorizerCommand({ ApiId: apiId, AuthorizerId: authorizer.id });
  const getIntegration = new GetIntegrationCommand({ ApiId: apiId, IntegrationId: integration.id });
  const getRoute = new GetRouteCommand({ ApiId: apiId, RouteId: route.id });
  const createdIntegration = await gateway().send(getIntegration);
  const createdRoute = await gateway().send(getRoute);

  // Act
  await authorizer.update({ jwtConfiguration: { audiences: ["b"], issuer: "https://example.org" } });
  await integration.update({
    timeoutMilliseconds: 5000,
    requestParameters: undefined,
    responseParameters: [],
  });
  await route.update({ authorizationScopes: undefined, routeKey: "POST /" });
  const updatedAuthorizer = await gateway().send(getAuthorizer);
  const updatedIntegration = await gateway().send(getIntegration);
  const updatedRoute = await gateway().send(getRoute);
  const parts = [route, integration, authorizer];
  const present = await Promise.all(parts.map((part) => part.read()));
  for (const part of [...parts, ...parts]) await part.delete();

  // Assess
  expect(createdIntegration).toMatchObject({
    PayloadFormatVersion: "1.0",
    RequestParameters: { "append:header.x": "1" },
    ResponseParameters: { "403": { "append:header.y": "2" } },
  });
  expect(createdRoute).toMatchObject({
    AuthorizationScopes: ["read"],
    RequestParameters: { "route.request.querystring.q": { Required: true } },
  });
  expect(updatedAuthorizer.JwtConfiguration?.Audience).toEqual(["b"]);
  expect(updatedIntegration).toMatchObject({ TimeoutInMillis: 5000 });
  expect(updatedIntegration.RequestParameters).toBeUndefined();
  expect(updatedRoute).toMatchObject({ AuthorizationScopes: [], RouteKey: "POST /" });
  expect(present).toEqual([{}, { timeoutMilliseconds: 5000 }, expect.anything()]);
  expect(await Promise.all(parts.map((part) => part.read()))).toEqual([undefined, undefined, undefined]);
});

test("stage and deployment live from creation to deletion", async () => {
  // Prepare
  const api = await createApi({ name: "staged", protocolType: "WEBSOCKET" });
  const deployment = await stack.create<aws.apigatewayv2.DeploymentArgs>(
    "aws:apigatewayv2/deployment:Deployment",
    { apiId: api.id },
  );
  const destinationArn = "arn:aws:logs:us-east-1:000000000000:log-group:access";
  const stage = await createStage({
    apiId: api.id,
    name: "v1",
    accessLogSettings: { destinationArn, format: "$context.requestId" },
    defaultRouteSettings: { throttlingBurstLimit: 10, throttlingRateLimit: 5 },
    deploymentId: deployment.id,
    routeSettings: [{ routeKey: "$connect", throttlingRateLimit: 1 }],
    stageVariables: { a: "1" },
    tags: { a: "1" },
  });
  const get = new GetStageCommand({ ApiId: api.id, StageName: "v1" });
  const created = await gateway().send(get);

  // Act
  await stage.update({ accessLogSettings: undefined, routeSettings: undefined, stageVariables: undefined });
  const updated = await gateway().send(get);
  const present = await stage.read();
  await stage.delete();
  await stage.delete();
  await deployment.delete();
  await deployment.delete();

  // Assess
  const address = stack.endpoint.replace("http:", "ws:");
  expect(stage.outputs).toMatchObject({
    executionArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/v1`,
    invokeUrl: `${address}/_aws/execute-api/${api.id}/v1`,
  });
  expect(created).toMatchObject({
    AccessLogSettings: { DestinationArn: destinationArn },
    DefaultRouteSettings: { ThrottlingBurstLimit: 10, ThrottlingRateLimit: 5 },
    DeploymentId: deployment.id,
    RouteSettings: { $connect: { ThrottlingRateLimit: 1 } },
    StageVariables: { a: "1" },
    Tags: { a: "1" },
  });
  expect(updated).toMatchObject({ RouteSettings: {}, StageVariables: {} });
  expect(present).toEqual({ invokeUrl: stage.outputs.invokeUrl });
  expect(await stage.read()).toBeUndefined();
  expect(await deployment.read()).toBeUndefined();
});

test("domain and mapping live from creation to deletion, also of those that an interrupted run left", async () => {
  // Prepare
  const { id: apiId } = await createApi({ name: "mapped" });
  const { id: stage } = await createStage({ apiId, name: "v1" });
  const createDomain = () =>
    stack.create<aws.apigatewayv2.DomainNameArgs>("aws:apigatewayv2/domainName:DomainName", {
      domainName: "api.example.org",
      domainNameConfiguration: {
        certificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/c",
        endpointType: "REGIONAL",
        securityPolicy: "TLS_1_2",
      },
      tags: { a: "1" },
    });
  const createMapping = () =>
    stack.create<aws.apigatewayv2.ApiMappingArgs>("aws:apigatewayv2/apiMapping:ApiMapping", {
      apiId,
      apiMappingKey: "photos",
      domainName: "api.example.org",
      stage,
    });
  await createDomain();
  const domain = await createDomain();
  await createMapping();
  const mapping = await createMapping();

  // Act
  await domain.update({ tags: { b: "2" } });
  await mapping.update({ apiMappingKey: undefined });
  const updated = await gateway().send(new GetDomainNameCommand({ DomainName: domain.id }));
  const key = { DomainName: domain.id, ApiMappingId: mapping.id };
  const { ApiMappingKey } = await gateway().send(new GetApiMappingCommand(key));
  const present = [await domain.read(), await mapping.read()];
  for (const part of [mapping, mapping, domain, domain]) await part.delete();

  // Assess
  expect(domain.outputs).toMatchObject({
    arn: "arn:aws:apigateway:us-east-1::/domainnames/api.example.org",
    domainNameConfiguration: {
      targetDomainName: updated.DomainNameConfigurations?.[0]?.ApiGatewayDomainName,
    },
  });
  expect(updated.Tags).toEqual({ b: "2" });
  expect(ApiMappingKey).toBe("");
  expect(present).toEqual([expect.anything(), {}]);
  expect([await domain.read(), await mapping.read()]).toEqual([undefined, undefined]);
});
