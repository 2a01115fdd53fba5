import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
  DeleteDeploymentCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  GetDeploymentCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  UpdateRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { judging } from "./apigateway-judging";
import { methods } from "./apigateway-methods";
import { executionArn, gatewayArn, invokeUrl, patches } from "./apigateway-place";
import { usage } from "./apigateway-usage";
import { createAnew, ifPresent, refuse } from "./faults";
import { type Fields, nameOf, request } from "./request";

// The emulator writes no logs of APIs, so it needs no role for them: the setting stays an input.
const account = resource<aws.apigateway.AccountArgs>({
  outputs: () => ({}),
  create: async () => ({ id: "api-gateway-account" }),
  read: async () => ({}),
  update: async () => ({}),
  delete: async () => {},
});

/** Every API is made with a root, which only the cloud knows. */
async function rootOf(restApiId: string, cloud: Cloud) {
  const list = new GetResourcesCommand({ restApiId, limit: 500 });
  const { items = [] } = await cloud.client(APIGatewayClient).send(list);
  return { rootResourceId: items.find(({ path }) => path === "/")?.id };
}

const restApi = resource<aws.apigateway.RestApiArgs>({
  nameProperty: "name",
  replaceOn: ["apiKeySource", "binaryMediaTypes", "disableExecuteApiEndpoint", "policy", "tags"],
  outputs: (id, _inputs, place) => ({
    arn: gatewayArn(`restapis/${id}`, place),
    executionArn: executionArn(id, place),
  }),
  async create(inputs, cloud) {
    refuse(
      "aws:apigateway/restApi:RestApi",
      inputs,
      ["body"],
      "Declare resources, methods and the stage as resources.",
    );
    const create = new CreateRestApiCommand(
      request({
        name: nameOf(inputs),
        description: inputs.description,
        apiKeySource: inputs.apiKeySource,
        binaryMediaTypes: inputs.binaryMediaTypes,
        disableExecuteApiEndpoint: inputs.disableExecuteApiEndpoint,
        policy: inputs.policy,
        tags: inputs.tags,
      }),
    );
    const { id = "" } = await cloud.client(APIGatewayClient).send(create);
    return { id, outputs: await rootOf(id, cloud) };
  },
  async read(id, _inputs, cloud) {
    const get = new GetRestApiCommand({ restApiId: id });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && rootOf(id, cloud);
  },
  async update(id, inputs, old, cloud) {
    const patchOperations = patches(inputs, old, ["name", "description"]);
    await cloud.client(APIGatewayClient).send(new UpdateRestApiCommand({ restApiId: id, patchOperations }));
    return rootOf(id, cloud);
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(APIGatewayClient).send(new DeleteRestApiCommand({ restApiId: id })));
  },
});

// Every change makes another picture of the API: its triggers are there for that.
const deployment = resource<aws.apigateway.DeploymentArgs>({
  outputs: () => ({}),
  async create({ restApi: restApiId, description }, cloud) {
    const create = new CreateDeploymentCommand({ restApiId, description });
    const { id } = await cloud.client(APIGatewayClient).send(create);
    return { id: id ?? "" };
  },
  async read(id, { restApi: restApiId }, cloud) {
    const get = new GetDeploymentCommand({ restApiId, deploymentId: id });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async delete(id, { restApi: restApiId }, cloud) {
    const remove = new DeleteDeploymentCommand({ restApiId, deploymentId: id });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

type StageInputs = Inputs<aws.apigateway.StageArgs>;

// The emulator keeps cache and tracing settings without heeding them; caches are at the front door.
function stageSettings(inputs: StageInputs) {
  return {
    restApiId: inputs.restApi,
    stageName: inputs.stageName,
    deploymentId: inputs.deployment,
    cacheClusterEnabled: inputs.cacheClusterEnabled,
    cacheClusterSize: inputs.cacheClusterSize,
    description: inputs.description,
    documentationVersion: inputs.documentationVersion,
    tracingEnabled: inputs.xrayTracingEnabled,
    variables: inputs.variables,
    tags: inputs.tags,
  } satisfies Fields<CreateStageCommandInput>;
}

async function createStage(inputs: StageInputs, cloud: Cloud): Promise<void> {
  const gateway = cloud.client(APIGatewayClient);
  const { restApi: restApiId, stageName } = inputs;
  await createAnew(
    () => gateway.send(new CreateStageCommand(request(stageSettings(inputs)))),
    () => gateway.send(new DeleteStageCommand({ restApiId, stageName })),
  );
}

const stage = resource<aws.apigateway.StageArgs>({
  replaceOn: ["restApi", "stageName"],
  outputs: (_id, { restApi: api, stageName }, place) => ({
    arn: gatewayArn(`restapis/${api}/stages/${stageName}`, place),
    executionArn: `${executionArn(api, place)}/${stageName}`,
    invokeUrl: invokeUrl(api, stageName, place),
  }),
  async create(inputs, cloud) {
    await createStage(inputs, cloud);
    return { id: `ags-${inputs.restApi}-${inputs.stageName}` };
  },
  async read(_id, { restApi: restApiId, stageName }, cloud) {
    const get = new GetStageCommand({ restApiId, stageName });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  // The emulator's CreateStage takes the place of the stage at once; UpdateStage takes less.
  async update(_id, inputs, _old, cloud) {
    await createStage(inputs, cloud);
    return {};
  },
  async delete(_id, { restApi: restApiId, stageName }, cloud) {
    const remove = new DeleteStageCommand({ restApiId, stageName });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

// The front door throttles and caches by these: they stay inputs.
const methodSettings = resource<aws.apigateway.MethodSettingsArgs>({
  replaceOn: ["restApi", "stageName", "methodPath"],
  outputs: () => ({}),
  create: async ({ restApi: api, stageName, methodPath }) => ({ id: `${api}-${stageName}-${methodPath}` }),
  read: async () => ({}),
  update: async () => ({}),
  delete: async () => {},
});

export const apigateway: ServiceTable = {
  ...judging,
  ...methods,
  ...usage,
  "aws:apigateway/account:Account": account,
  "aws:apigateway/deployment:Deployment": deployment,
  "aws:apigateway/methodSettings:MethodSettings": methodSettings,
  "aws:apigateway/restApi:RestApi": restApi,
  "aws:apigateway/stage:Stage": stage,
};
