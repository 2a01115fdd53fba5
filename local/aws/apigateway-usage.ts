import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import type * as aws from "@pulumi/aws";
import { resource, type ServiceTable } from "../engine/resource";
import { gatewayArn, patches } from "./apigateway-place";
import { ifPresent } from "./faults";
import { nameOf } from "./request";

// Throttle and quota stay inputs: the front door keeps them, and the emulator would count a second time.
const usagePlan = resource<aws.apigateway.UsagePlanArgs>({
  nameProperty: "name",
  replaceOn: ["apiStages"],
  outputs: (id, _inputs, place) => ({ arn: gatewayArn(`usageplans/${id}`, place) }),
  async create({ name, description, apiStages, tags }, cloud) {
    const stages = apiStages?.map(({ apiId, stage }) => ({ apiId, stage }));
    const create = new CreateUsagePlanCommand({ name, description, apiStages: stages, tags });
    const { id } = await cloud.client(APIGatewayClient).send(create);
    return { id: id ?? "" };
  },
  async read(id, _inputs, cloud) {
    const get = new GetUsagePlanCommand({ usagePlanId: id });
    return (await ifPresent(cloud.client(APIGatewayClient).send(get))) && {};
  },
  async update(id, inputs, old, cloud) {
    const patchOperations = patches(inputs, old, ["name", "description"]);
    const update = new UpdateUsagePlanCommand({ usagePlanId: id, patchOperations });
    await cloud.client(APIGatewayClient).send(update);
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(APIGatewayClient).send(new DeleteUsagePlanCommand({ usagePlanId: id })));
  },
});

const apiKey = resource<aws.apigateway.ApiKeyArgs>({
  nameProperty: "name",
  outputs: (id, _inputs, place) => ({ arn: gatewayArn(`apikeys/${id}`, place) }),
  async create({ customerId, description, enabled = true, tags, value, ...inputs }, cloud) {
    const create = { name: nameOf(inputs), customerId, description, enabled, tags, value };
    const made = await cloud.client(APIGatewayClient).send(new CreateApiKeyCommand(create));
    return { id: made.id ?? "", outputs: { value: made.value } };
  },
  async read(id, _inputs, cloud) {
    const get = new GetApiKeyCommand({ apiKey: id, includeValue: true });
    const found = await ifPresent(cloud.client(APIGatewayClient).send(get));
    return found && { value: found.value };
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(APIGatewayClient).send(new DeleteApiKeyCommand({ apiKey: id })));
  },
});

const usagePlanKey = resource<aws.apigateway.UsagePlanKeyArgs>({
  outputs: () => ({}),
  async create({ usagePlanId, keyId, keyType }, cloud) {
    const create = new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType });
    const { name, value } = await cloud.client(APIGatewayClient).send(create);
    return { id: keyId, outputs: { name, value } };
  },
  async read(_id, { usagePlanId, keyId }, cloud) {
    const get = new GetUsagePlanKeyCommand({ usagePlanId, keyId });
    const found = await ifPresent(cloud.client(APIGatewayClient).send(get));
    return found && { name: found.name, value: found.value };
  },
  async delete(_id, { usagePlanId, keyId }, cloud) {
    const remove = new DeleteUsagePlanKeyCommand({ usagePlanId, keyId });
    await ifPresent(cloud.client(APIGatewayClient).send(remove));
  },
});

/** Who has keys, and how much they may ask for. */
export const usage: ServiceTable = {
  "aws:apigateway/apiKey:ApiKey": apiKey,
  "aws:apigateway/usagePlan:UsagePlan": usagePlan,
  "aws:apigateway/usagePlanKey:UsagePlanKey": usagePlanKey,
};
