import {
  APIGatewayClient,
  CreateResourceCommand,
  DeleteIntegrationCommand,
  DeleteIntegrationResponseCommand,
  DeleteMethodCommand,
  DeleteMethodResponseCommand,
  DeleteResourceCommand,
  GetIntegrationCommand,
  GetIntegrationResponseCommand,
  GetMethodCommand,
  GetMethodResponseCommand,
  GetResourceCommand,
  GetResourcesCommand,
  type Integration,
  type Method,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { serviceAddress } from "../front-door/rest-backend";
import { createAnew, ifPresent, UnsupportedInput } from "./faults";
import { type Fields, request } from "./request";

const path = resource<aws.apigateway.ResourceArgs>({
  replaceOn: ["restApi", "parentId", "pathPart"],
  outputs: () => ({}),
  async create({ restApi: restApiId, parentId, pathPart }, cloud) {
    const gateway = cloud.client(APIGatewayClient);
    const { id, path: whole } = await createAnew(
      () => gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart })),
      async () => {
        const { items = [] } = await gateway.send(new GetResourcesCommand({ restApiId, limit: 500 }));
        const resourceId = items.find((item) => item.parentId === parentId && item.pathPart === pathPart)?.id;
        await gateway.send(new DeleteResourceCommand({ restApiId, resourceId }));
      },
    );
    return { id: id ?? "", outputs: { path: whole } };
  },
  async read(id, { restApi: restApiId }, cloud) {
    const get = new GetResourceCommand({ restApiId, resourceId: id });
    const found = await ifPresent(cloud.client(APIGatewayClient).send(get));
    return found && { path: found.path };
  },
  async delete(id, { restApi: restApiId }, cloud) {
    const remove = new DeleteResourceCommand({ restApiId, resourceId: id });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

interface MethodPlace {
  restApi: string;
  resourceId: string;
  httpMethod: string;
}

function keyOf({ restApi: restApiId, resourceId, httpMethod }: MethodPlace) {
  return { restApiId, resourceId, httpMethod };
}

function idOf(kind: string, { restApi, resourceId, httpMethod }: MethodPlace, ...more: string[]): string {
  return [kind, restApi, resourceId, httpMethod, ...more].join("-");
}

/** Puts back what a method loses in the emulator when it is put anew. */
async function restore(place: MethodPlace, { methodIntegration, methodResponses }: Method, cloud: Cloud) {
  for (const [statusCode, { responseModels, responseParameters }] of Object.entries(methodResponses ?? {})) {
    const put = { ...keyOf(place), statusCode, responseModels, responseParameters };
    await cloud.client(APIGatewayClient).send(new PutMethodResponseCommand(put));
  }
  if (methodIntegration) {
    const { httpMethod: integrationHttpMethod, integrationResponses: _, ...settings } = methodIntegration;
    const put = new PutIntegrationCommand(
      request({ ...settings, ...keyOf(place), integrationHttpMethod, type: settings.type ?? "AWS_PROXY" }),
    );
    await cloud.client(APIGatewayClient).send(put);
    await restoreResponses(place, methodIntegration, cloud);
  }
}

async function restoreResponses(place: MethodPlace, { integrationResponses }: Integration, cloud: Cloud) {
  for (const [statusCode, response] of Object.entries(integrationResponses ?? {})) {
    const put = new PutIntegrationResponseCommand({ ...response, ...keyOf(place), statusCode });
    await cloud.client(APIGatewayClient).send(put);
  }
}

function methodSettings(inputs: Inputs<aws.apigateway.MethodArgs>) {
  return {
    ...keyOf(inputs),
    apiKeyRequired: inputs.apiKeyRequired ?? false,
    authorizationScopes: inputs.authorizationScopes,
    authorizationType: inputs.authorization,
    authorizerId: inputs.authorizerId,
    operationName: inputs.operationName,
    requestModels: inputs.requestModels,
    requestParameters: inputs.requestParameters,
    requestValidatorId: inputs.requestValidatorId,
  } satisfies Fields<PutMethodCommandInput>;
}

const method = resource<aws.apigateway.MethodArgs>({
  replaceOn: ["restApi", "resourceId", "httpMethod"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    await cloud.client(APIGatewayClient).send(new PutMethodCommand(request(methodSettings(inputs))));
    return { id: idOf("agm", inputs) };
  },
  async read(_id, inputs, cloud) {
    const get = new GetMethodCommand(keyOf(inputs));
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  // The emulator's UpdateMethod takes "false" for true.
  async update(_id, inputs, _old, cloud) {
    const gateway = cloud.client(APIGatewayClient);
    const before = await gateway.send(new GetMethodCommand(keyOf(inputs)));
    await gateway.send(new PutMethodCommand(request(methodSettings(inputs))));
    await restore(inputs, before, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    await ifPresent(cloud.client(APIGatewayClient).send(new DeleteMethodCommand(keyOf(inputs))));
  },
});

const methodResponse = resource<aws.apigateway.MethodResponseArgs>({
  replaceOn: ["restApi", "resourceId", "httpMethod", "statusCode"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    await putMethodResponse(inputs, cloud);
    return { id: idOf("agmr", inputs, inputs.statusCode) };
  },
  async read(_id, inputs, cloud) {
    const get = new GetMethodResponseCommand({ ...keyOf(inputs), statusCode: inputs.statusCode });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    await putMethodResponse(inputs, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new DeleteMethodResponseCommand({ ...keyOf(inputs), statusCode: inputs.statusCode });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

async function putMethodResponse(inputs: Inputs<aws.apigateway.MethodResponseArgs>, cloud: Cloud) {
  const { statusCode, responseModels, responseParameters } = inputs;
  const put = { ...keyOf(inputs), statusCode, responseModels, responseParameters };
  await cloud.client(APIGatewayClient).send(new PutMethodResponseCommand(put));
}

type IntegrationInputs = Inputs<aws.apigateway.IntegrationArgs>;

/** Direct integrations are answered at the front door: see `rest-gateway.ts`. */
function refuseUnknownService({ type, uri = "" }: IntegrationInputs): void {
  if (type === "AWS" && !/:lambda:path\//.test(uri) && !serviceAddress(uri)) {
    throw new UnsupportedInput(
      "aws:apigateway/integration:Integration",
      `uri ${uri}`,
      "It calls SQS by path, and DynamoDB, EventBridge, Kinesis and Step Functions by action.",
    );
  }
}

function integrationSettings(inputs: IntegrationInputs) {
  return {
    ...keyOf(inputs),
    cacheKeyParameters: inputs.cacheKeyParameters,
    cacheNamespace: inputs.cacheNamespace,
    connectionId: inputs.connectionId,
    connectionType: inputs.connectionType,
    contentHandling: inputs.contentHandling,
    credentials: inputs.credentials,
    integrationHttpMethod: inputs.integrationHttpMethod,
    passthroughBehavior: inputs.passthroughBehavior,
    requestParameters: inputs.requestParameters,
    requestTemplates: inputs.requestTemplates,
    timeoutInMillis: inputs.timeoutMilliseconds,
    tlsConfig: inputs.tlsConfig,
    type: inputs.type,
    uri: inputs.uri,
  } satisfies Fields<PutIntegrationCommandInput>;
}

const integration = resource<aws.apigateway.IntegrationArgs>({
  replaceOn: ["restApi", "resourceId", "httpMethod"],
  outputs: (_id, inputs) => ({ passthroughBehavior: inputs.passthroughBehavior ?? "WHEN_NO_MATCH" }),
  async create(inputs, cloud) {
    refuseUnknownService(inputs);
    await cloud
      .client(APIGatewayClient)
      .send(new PutIntegrationCommand(request(integrationSettings(inputs))));
    return { id: idOf("agi", inputs) };
  },
  async read(_id, inputs, cloud) {
    const get = new GetIntegrationCommand(keyOf(inputs));
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    refuseUnknownService(inputs);
    const gateway = cloud.client(APIGatewayClient);
    const before = await gateway.send(new GetIntegrationCommand(keyOf(inputs)));
    await gateway.send(new PutIntegrationCommand(request(integrationSettings(inputs))));
    await restoreResponses(inputs, before, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    await ifPresent(cloud.client(APIGatewayClient).send(new DeleteIntegrationCommand(keyOf(inputs))));
  },
});

const integrationResponse = resource<aws.apigateway.IntegrationResponseArgs>({
  replaceOn: ["restApi", "resourceId", "httpMethod", "statusCode"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    await putIntegrationResponse(inputs, cloud);
    return { id: idOf("agir", inputs, inputs.statusCode) };
  },
  async read(_id, inputs, cloud) {
    const get = new GetIntegrationResponseCommand({ ...keyOf(inputs), statusCode: inputs.statusCode });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    await putIntegrationResponse(inputs, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new DeleteIntegrationResponseCommand({ ...keyOf(inputs), statusCode: inputs.statusCode });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

async function putIntegrationResponse(inputs: Inputs<aws.apigateway.IntegrationResponseArgs>, cloud: Cloud) {
  const { statusCode, contentHandling, responseParameters, responseTemplates, selectionPattern } = inputs;
  const put = new PutIntegrationResponseCommand(
    request({
      ...keyOf(inputs),
      statusCode,
      contentHandling,
      responseParameters,
      responseTemplates,
      selectionPattern,
    }),
  );
  await cloud.client(APIGatewayClient).send(put);
}

/** Paths of an API, what may be asked there and what answers. */
export const methods: ServiceTable = {
  "aws:apigateway/resource:Resource": path,
  "aws:apigateway/method:Method": method,
  "aws:apigateway/methodResponse:MethodResponse": methodResponse,
  "aws:apigateway/integration:Integration": integration,
  "aws:apigateway/integrationResponse:IntegrationResponse": integrationResponse,
};
