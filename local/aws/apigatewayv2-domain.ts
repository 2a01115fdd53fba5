import {
  ApiGatewayV2Client,
  CreateApiMappingCommand,
  type CreateApiMappingCommandInput,
  CreateDomainNameCommand,
  type CreateDomainNameCommandInput,
  DeleteApiMappingCommand,
  DeleteDomainNameCommand,
  type DomainNameConfiguration,
  GetApiMappingCommand,
  GetApiMappingsCommand,
  GetDomainNameCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiMappingCommand,
  UpdateDomainNameCommand,
} from "@aws-sdk/client-apigatewayv2";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { type Fields, pascal, request } from "./request";
import { retag } from "./tags";

type DomainInputs = Inputs<aws.apigatewayv2.DomainNameArgs>;

function domainSettings(inputs: DomainInputs) {
  const { hostedZoneId, targetDomainName, ...configuration } = inputs.domainNameConfiguration;
  return {
    DomainName: inputs.domainName,
    DomainNameConfigurations: [pascal(configuration)],
    MutualTlsAuthentication: pascal(inputs.mutualTlsAuthentication),
    RoutingMode: inputs.routingMode,
  } satisfies Fields<CreateDomainNameCommandInput>;
}

function domainArn(domainName: string, { region }: Place): string {
  return `arn:aws:apigateway:${region}::/domainnames/${domainName}`;
}

/** The configuration with what DNS records are to point at. */
function known({ domainNameConfiguration }: DomainInputs, found: DomainNameConfiguration[] | undefined) {
  const { ApiGatewayDomainName: targetDomainName, HostedZoneId: hostedZoneId } = found?.[0] ?? {};
  return { domainNameConfiguration: { ...domainNameConfiguration, targetDomainName, hostedZoneId } };
}

const domainName = resource<aws.apigatewayv2.DomainNameArgs>({
  replaceOn: ["domainName"],
  outputs: (id, inputs, place) => ({
    apiMappingSelectionExpression: "$request.basepath",
    arn: domainArn(id, place),
    routingMode: inputs.routingMode ?? "API_MAPPING_ONLY",
  }),
  async create(inputs, cloud) {
    const gateway = cloud.client(ApiGatewayV2Client);
    const DomainName = inputs.domainName;
    const create = new CreateDomainNameCommand(request({ ...domainSettings(inputs), Tags: inputs.tags }));
    const { DomainNameConfigurations } = await createAnew(
      () => gateway.send(create),
      () => gateway.send(new DeleteDomainNameCommand({ DomainName })),
    );
    return { id: DomainName, outputs: known(inputs, DomainNameConfigurations) };
  },
  async read(id, inputs, cloud) {
    const get = new GetDomainNameCommand({ DomainName: id });
    const found = await ifPresent(cloud.client(ApiGatewayV2Client).send(get));
    return found && known(inputs, found.DomainNameConfigurations);
  },
  async update(id, inputs, old, cloud) {
    const gateway = cloud.client(ApiGatewayV2Client);
    const update = new UpdateDomainNameCommand(request(domainSettings(inputs)));
    const { DomainNameConfigurations } = await gateway.send(update);
    const ResourceArn = domainArn(id, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (Tags) => gateway.send(new TagResourceCommand({ ResourceArn, Tags })),
      untag: (TagKeys) => gateway.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    });
    return known(inputs, DomainNameConfigurations);
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(ApiGatewayV2Client).send(new DeleteDomainNameCommand({ DomainName: id })));
  },
});

type MappingInputs = Inputs<aws.apigatewayv2.ApiMappingArgs>;

function mappingSettings(inputs: MappingInputs) {
  return {
    ApiId: inputs.apiId,
    ApiMappingKey: inputs.apiMappingKey ?? "",
    DomainName: inputs.domainName,
    Stage: inputs.stage,
  } satisfies Fields<CreateApiMappingCommandInput>;
}

async function removeMappingOf({ domainName: DomainName, apiMappingKey = "" }: MappingInputs, cloud: Cloud) {
  const gateway = cloud.client(ApiGatewayV2Client);
  const { Items = [] } = await gateway.send(new GetApiMappingsCommand({ DomainName }));
  const ApiMappingId = Items.find(({ ApiMappingKey = "" }) => ApiMappingKey === apiMappingKey)?.ApiMappingId;
  await gateway.send(new DeleteApiMappingCommand({ DomainName, ApiMappingId }));
}

const apiMapping = resource<aws.apigatewayv2.ApiMappingArgs>({
  replaceOn: ["domainName"],
  outputs: () => ({}),
  async create(inputs, cloud) {
    const { ApiMappingId } = await createAnew(
      () => cloud.client(ApiGatewayV2Client).send(new CreateApiMappingCommand(mappingSettings(inputs))),
      () => removeMappingOf(inputs, cloud),
    );
    return { id: ApiMappingId ?? "" };
  },
  async read(id, { domainName: DomainName }, cloud) {
    const get = new GetApiMappingCommand({ DomainName, ApiMappingId: id });
    return (await ifPresent(cloud.client(ApiGatewayV2Client).send(get))) && {};
  },
  async update(id, inputs, _old, cloud) {
    const update = new UpdateApiMappingCommand({ ...mappingSettings(inputs), ApiMappingId: id });
    await cloud.client(ApiGatewayV2Client).send(update);
    return {};
  },
  async delete(id, { domainName: DomainName }, cloud) {
    const remove = new DeleteApiMappingCommand({ DomainName, ApiMappingId: id });
    await ifPresent(cloud.client(ApiGatewayV2Client).send(remove));
  },
});

/** Domains of one's own and which API a path of them leads to. */
export const domains: ServiceTable = {
  "aws:apigatewayv2/domainName:DomainName": domainName,
  "aws:apigatewayv2/apiMapping:ApiMapping": apiMapping,
};
