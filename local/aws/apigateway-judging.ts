import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  DeleteAuthorizerCommand,
  DeleteGatewayResponseCommand,
  DeleteModelCommand,
  DeleteRequestValidatorCommand,
  GetAuthorizerCommand,
  GetGatewayResponseCommand,
  GetModelCommand,
  GetRequestValidatorCommand,
  PutGatewayResponseCommand,
  UpdateModelCommand,
  UpdateRequestValidatorCommand,
} from "@aws-sdk/client-api-gateway";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { gatewayArn, patches } from "./apigateway-place";
import { createAnew, ifPresent } from "./faults";
import { nameOf, request } from "./request";

const authorizer = resource<aws.apigateway.AuthorizerArgs>({
  nameProperty: "name",
  outputs: (id, inputs, place) => ({
    arn: gatewayArn(`restapis/${inputs.restApi}/authorizers/${id}`, place),
  }),
  async create(inputs, cloud) {
    const create = new CreateAuthorizerCommand(
      request({
        restApiId: inputs.restApi,
        name: inputs.name,
        type: inputs.type ?? "TOKEN",
        authorizerCredentials: inputs.authorizerCredentials,
        authorizerResultTtlInSeconds: inputs.authorizerResultTtlInSeconds,
        authorizerUri: inputs.authorizerUri,
        identitySource: inputs.identitySource,
        identityValidationExpression: inputs.identityValidationExpression,
        providerARNs: inputs.providerArns,
      }),
    );
    const { id } = await cloud.client(APIGatewayClient).send(create);
    return { id: id ?? "" };
  },
  async read(id, { restApi: restApiId }, cloud) {
    const get = new GetAuthorizerCommand({ restApiId, authorizerId: id });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async delete(id, { restApi: restApiId }, cloud) {
    const remove = new DeleteAuthorizerCommand({ restApiId, authorizerId: id });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

const model = resource<aws.apigateway.ModelArgs>({
  nameProperty: "name",
  replaceOn: ["restApi", "name", "contentType"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    const { restApi: restApiId, contentType, description, schema } = inputs;
    const gateway = cloud.client(APIGatewayClient);
    const name = nameOf(inputs);
    const { id } = await createAnew(
      () => gateway.send(new CreateModelCommand({ restApiId, name, contentType, description, schema })),
      () => gateway.send(new DeleteModelCommand({ restApiId, modelName: name })),
    );
    return { id: id ?? "" };
  },
  async read(_id, inputs, cloud) {
    const get = new GetModelCommand({ restApiId: inputs.restApi, modelName: nameOf(inputs) });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async update(_id, inputs, old, cloud) {
    const patchOperations = patches(inputs, old, ["description", "schema"]);
    const update = { restApiId: inputs.restApi, modelName: nameOf(inputs), patchOperations };
    await cloud.client(APIGatewayClient).send(new UpdateModelCommand(update));
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new DeleteModelCommand({ restApiId: inputs.restApi, modelName: nameOf(inputs) });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

const requestValidator = resource<aws.apigateway.RequestValidatorArgs>({
  nameProperty: "name",
  replaceOn: ["restApi"],
  outputs: (_id, inputs) => ({
    validateRequestBody: inputs.validateRequestBody ?? false,
    validateRequestParameters: inputs.validateRequestParameters ?? false,
  }),
  async create({ restApi: restApiId, ...inputs }, cloud) {
    const create = new CreateRequestValidatorCommand({ restApiId, ...inputs });
    const { id } = await cloud.client(APIGatewayClient).send(create);
    return { id: id ?? "" };
  },
  async read(id, { restApi: restApiId }, cloud) {
    const get = new GetRequestValidatorCommand({ restApiId, requestValidatorId: id });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async update(id, inputs, old, cloud) {
    const patchOperations = patches(inputs, old, [
      "name",
      "validateRequestBody",
      "validateRequestParameters",
    ]);
    const update = { restApiId: inputs.restApi, requestValidatorId: id, patchOperations };
    await cloud.client(APIGatewayClient).send(new UpdateRequestValidatorCommand(update));
    return {};
  },
  async delete(id, { restApi: restApiId }, cloud) {
    const remove = new DeleteRequestValidatorCommand({ restApiId, requestValidatorId: id });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

async function putResponse(inputs: Inputs<aws.apigateway.ResponseArgs>, cloud: Cloud): Promise<void> {
  const { restApiId, responseType, statusCode, responseParameters, responseTemplates } = inputs;
  const put = new PutGatewayResponseCommand(
    request({ restApiId, responseType, statusCode, responseParameters, responseTemplates }),
  );
  await cloud.client(APIGatewayClient).send(put);
}

const response = resource<aws.apigateway.ResponseArgs>({
  replaceOn: ["restApiId", "responseType"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    await putResponse(inputs, cloud);
    return { id: `aggr-${inputs.restApiId}-${inputs.responseType}` };
  },
  // One that is not there is there as a default.
  async read(_id, { restApiId, responseType }, cloud) {
    const get = new GetGatewayResponseCommand(request({ restApiId, responseType }));
    const found = await ifPresent(cloud.client(APIGatewayClient).send(get));
    return found?.defaultResponse === false ? {} : undefined;
  },
  async update(_id, inputs, _old, cloud) {
    await putResponse(inputs, cloud);
    return {};
  },
  async delete(_id, { restApiId, responseType }, cloud) {
    const remove = new DeleteGatewayResponseCommand(request({ restApiId, responseType }));
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

/** What judges requests, and what is said of those that fail. */
export const judging: ServiceTable = {
  "aws:apigateway/authorizer:Authorizer": authorizer,
  "aws:apigateway/model:Model": model,
  "aws:apigateway/requestValidator:RequestValidator": requestValidator,
  "aws:apigateway/response:Response": response,
};
