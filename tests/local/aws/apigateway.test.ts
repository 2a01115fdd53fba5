import {
  APIGatewayClient,
  CreateUsagePlanKeyCommand,
  GetDeploymentsCommand,
  GetGatewayResponseCommand,
  GetMethodCommand,
  GetModelCommand,
  GetRequestValidatorCommand,
  GetRestApiCommand,
  GetStageCommand,
  GetUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import type * as aws from "@pulumi/aws";
import { asset } from "@pulumi/pulumi";
import { apigateway } from "../../../local/aws/apigateway";
import { iam } from "../../../local/aws/iam";
import { lambda } from "../../../local/aws/lambda";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;
let restApi: string;
let root: string;

beforeAll(async () => {
  stack = await Stack.start(apigateway, iam, lambda);
  const api = await stack.create<aws.apigateway.RestApiArgs>("aws:apigateway/restApi:RestApi", {
    name: "notes",
  });
  restApi = api.id;
  root = String(api.outputs.rootResourceId);
});

afterAll(() => stack.stop());

const gateway = () => stack.cloud.client(APIGatewayClient);
const createResource = (pathPart: string, parentId = root) =>
  stack.create<aws.apigateway.ResourceArgs>("aws:apigateway/resource:Resource", {
    restApi,
    parentId,
    pathPart,
  });
const createMethod = (inputs: Omit<Inputs<aws.apigateway.MethodArgs>, "restApi">) =>
  stack.create<aws.apigateway.MethodArgs>("aws:apigateway/method:Method", { restApi, ...inputs });
const createIntegration = (inputs: Omit<Inputs<aws.apigateway.IntegrationArgs>, "restApi">) =>
  stack.create<aws.apigateway.IntegrationArgs>("aws:apigateway/integration:Integration", {
    restApi,
    ...inputs,
  });
const createStage = async (stageName: string) => {
  const deployment = await stack.create<aws.apigateway.DeploymentArgs>(
    "aws:apigateway/deployment:Deployment",
    {
      restApi,
    },
  );
  const served = await stack.create<aws.apigateway.StageArgs>("aws:apigateway/stage:Stage", {
    restApi,
    stageName,
    deployment: deployment.id,
  });
  return { deployment, served };
};

/** A method that a MOCK integration answers with this text. */
async function answering(pathPart: string, text: string) {
  const resource = await createResource(pathPart);
  const place = { resourceId: resource.id, httpMethod: "GET" };
  const method = await createMethod({ ...place, authorization: "NONE", apiKeyRequired: true });
  const integration = await createIntegration({ ...place, type: "MOCK" });
  const responses = [
    await stack.create<aws.apigateway.MethodResponseArgs>("aws:apigateway/methodResponse:MethodResponse", {
      restApi,
      ...place,
      statusCode: "200",
      responseParameters: { "method.response.header.X-Text": true },
    }),
    await stack.create<aws.apigateway.IntegrationResponseArgs>(
      "aws:apigateway/integrationResponse:IntegrationResponse",
      {
        restApi,
        ...place,
        statusCode: "200",
        responseTemplates: { "application/json": text },
        responseParameters: { "method.response.header.X-Text": `'${text}'` },
      },
    ),
  ];
  return { place, resource, method, integration, responses };
}

test("an API lives from creation to deletion", async () => {
  // Prepare
  const api = await stack.create<aws.apigateway.RestApiArgs>("aws:apigateway/restApi:RestApi", {
    name: "first",
    description: "one",
  });
  const get = new GetRestApiCommand({ restApiId: api.id });

  // Act
  const outputs = await api.update({ name: "second", description: "two" });
  const updated = await gateway().send(get);
  const present = await api.read();
  await api.delete();
  await api.delete();

  // Assess
  expect(api.outputs).toMatchObject({
    executionArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}`,
    rootResourceId: expect.any(String),
  });
  expect(outputs.rootResourceId).toBe(api.outputs.rootResourceId);
  expect(updated).toMatchObject({ name: "second", description: "two" });
  expect(present).toMatchObject({ rootResourceId: api.outputs.rootResourceId });
  expect(await api.read()).toBeUndefined();
});

test("an API that is described as a whole is refused", async () => {
  const create = stack.create<aws.apigateway.RestApiArgs>("aws:apigateway/restApi:RestApi", { body: "{}" });

  await expect(create).rejects.toThrow(/has no "body"/);
});

test("a method keeps its integration and answers when it changes", async () => {
  // Prepare
  const { place, method, integration, responses } = await answering("mocked", "said");
  const { served } = await createStage("v1");
  const url = `${stack.endpoint}/_aws/execute-api/${restApi}/v1/mocked`;
  const closed = (await fetch(url)).status;

  // Act
  await method.update({ apiKeyRequired: false, operationName: "open" });
  const opened = await fetch(url);
  await integration.update({ timeoutMilliseconds: 1000 });
  await responses[1]?.update({ responseTemplates: { "application/json": "changed" } } as object);
  const changed = await fetch(url);
  const found = await gateway().send(
    new GetMethodCommand({ restApiId: restApi, resourceId: place.resourceId, httpMethod: "GET" }),
  );

  // Assess
  expect(closed).toBe(403);
  expect([opened.status, await opened.text(), opened.headers.get("x-text")]).toEqual([200, "said", "said"]);
  expect(await changed.text()).toBe("changed");
  expect(found).toMatchObject({
    operationName: "open",
    apiKeyRequired: false,
    methodResponses: { "200": { responseParameters: { "method.response.header.X-Text": true } } },
    methodIntegration: { timeoutInMillis: 1000 },
  });
  for (const part of [...responses, integration, method, served]) {
    expect(await part.read()).toBeDefined();
    await part.delete();
    await part.delete();
    expect(await part.read()).toBeUndefined();
  }
});

test("a path that an aborted run has left is made anew", async () => {
  const first = await createResource("left");
  const second = await createResource("left");

  expect(second.id).not.toBe(first.id);
  expect(second.outputs.path).toBe("/left");
  expect(await first.read()).toBeUndefined();
  await second.delete();
});

test.each([
  ["arn:aws:apigateway:us-east-1:s3:path/bucket/key", /no "uri arn:aws:apigateway:us-east-1:s3/],
  ["arn:aws:apigateway:us-east-1:sns:action/Publish", /Kinesis and Step Functions by action/],
])("an integration that the front door cannot serve is refused: %s", async (uri, message) => {
  const { id } = await createResource(`refused-${uri.split(":")[4]}`);
  await createMethod({ resourceId: id, httpMethod: "POST", authorization: "NONE" });

  await expect(createIntegration({ resourceId: id, httpMethod: "POST", type: "AWS", uri })).rejects.toThrow(
    message,
  );
});

test("a function serves a route", async () => {
  // Prepare
  const role = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", {
    name: "f",
    assumeRolePolicy: "{}",
  });
  const code = "exports.handler = async (event) => ({ statusCode: 200, body: event.pathParameters.id });";
  const fn = await stack.create<aws.lambda.FunctionArgs>("aws:lambda/function:Function", {
    name: "f",
    code: new asset.AssetArchive({ "index.js": new asset.StringAsset(code) }),
    handler: "index.handler",
    runtime: "nodejs20.x",
    role: String(role.outputs.arn),
  });
  const parent = await createResource("photos");
  const place = { resourceId: (await createResource("{id}", parent.id)).id, httpMethod: "GET" };
  await createMethod({ ...place, authorization: "NONE" });
  await createIntegration({
    ...place,
    type: "AWS_PROXY",
    integrationHttpMethod: "POST",
    uri: String(fn.outputs.invokeArn),
  });
  const { served } = await createStage("v2");

  // Act
  const response = await fetch(`${served.outputs.invokeUrl}/photos/p1`);

  // Assess
  expect([response.status, await response.text()]).toEqual([200, "p1"]);
});

test("a stage goes on to the next deployment", async () => {
  const { deployment, served } = await createStage("v3");
  const next = await stack.create<aws.apigateway.DeploymentArgs>("aws:apigateway/deployment:Deployment", {
    restApi,
  });
  await served.update({ deployment: next.id, xrayTracingEnabled: true });
  await deployment.delete();
  const found = await gateway().send(new GetStageCommand({ restApiId: restApi, stageName: "v3" }));
  const { items = [] } = await gateway().send(new GetDeploymentsCommand({ restApiId: restApi, limit: 500 }));

  expect(found).toMatchObject({ deploymentId: next.id, tracingEnabled: true });
  expect(items.map(({ id }) => id)).not.toContain(deployment.id);
  expect(await deployment.read()).toBeUndefined();
});

test("what judges requests lives from creation to deletion", async () => {
  // Prepare
  const model = await stack.create<aws.apigateway.ModelArgs>("aws:apigateway/model:Model", {
    restApi,
    name: "Note",
    contentType: "application/json",
    schema: "{}",
  });
  const validator = await stack.create<aws.apigateway.RequestValidatorArgs>(
    "aws:apigateway/requestValidator:RequestValidator",
    { restApi, validateRequestBody: true },
  );
  const response = await stack.create<aws.apigateway.ResponseArgs>("aws:apigateway/response:Response", {
    restApiId: restApi,
    responseType: "THROTTLED",
    statusCode: "429",
    responseTemplates: { "application/json": "one" },
  });

  // Act
  await model.update({ schema: '{"type":"object"}' });
  await validator.update({ validateRequestBody: false, validateRequestParameters: true });
  await response.update({ responseTemplates: { "application/json": "two" } });
  const found = {
    model: await gateway().send(new GetModelCommand({ restApiId: restApi, modelName: "Note" })),
    validator: await gateway().send(
      new GetRequestValidatorCommand({ restApiId: restApi, requestValidatorId: validator.id }),
    ),
    response: await gateway().send(
      new GetGatewayResponseCommand({ restApiId: restApi, responseType: "THROTTLED" }),
    ),
  };

  // Assess
  expect(found).toMatchObject({
    model: { schema: '{"type":"object"}' },
    validator: { validateRequestBody: false, validateRequestParameters: true },
    response: { responseTemplates: { "application/json": "two" } },
  });
  for (const part of [model, validator, response]) {
    expect(await part.read()).toBeDefined();
    await part.delete();
    await part.delete();
    expect(await part.read()).toBeUndefined();
  }
});

test("an authorizer is made and deleted", async () => {
  const authorizer = await stack.create<aws.apigateway.AuthorizerArgs>(
    "aws:apigateway/authorizer:Authorizer",
    {
      restApi,
      name: "users",
      type: "COGNITO_USER_POOLS",
      providerArns: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"],
    },
  );

  expect(await authorizer.read()).toBeDefined();
  await authorizer.delete();
  await authorizer.delete();
  expect(await authorizer.read()).toBeUndefined();
});

test("keys belong to plans", async () => {
  // Prepare
  await createStage("v4");
  const plan = await stack.create<aws.apigateway.UsagePlanArgs>("aws:apigateway/usagePlan:UsagePlan", {
    name: "partners",
    apiStages: [{ apiId: restApi, stage: "v4" }],
    quotaSettings: { limit: 1, period: "DAY" },
  });
  const key = await stack.create<aws.apigateway.ApiKeyArgs>("aws:apigateway/apiKey:ApiKey", { name: "ours" });
  const member = await stack.create<aws.apigateway.UsagePlanKeyArgs>(
    "aws:apigateway/usagePlanKey:UsagePlanKey",
    { usagePlanId: plan.id, keyId: key.id, keyType: "API_KEY" },
  );

  // Act
  await plan.update({ description: "who pays" });
  const found = await gateway().send(new GetUsagePlanCommand({ usagePlanId: plan.id }));

  // Assess
  expect(found).toMatchObject({ name: "partners", description: "who pays", apiStages: [{ stage: "v4" }] });
  expect(key.outputs.value).toMatch(/^\w{20,}$/);
  expect(member.outputs.value).toBe(key.outputs.value);
  const again = new CreateUsagePlanKeyCommand({ usagePlanId: plan.id, keyId: key.id, keyType: "API_KEY" });
  await expect(gateway().send(again)).resolves.toBeDefined();
  for (const part of [member, key, plan]) {
    expect(await part.read()).toBeDefined();
    await part.delete();
    await part.delete();
    expect(await part.read()).toBeUndefined();
  }
});
