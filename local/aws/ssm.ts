import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  GetParameterCommand,
  type Parameter,
  PutParameterCommand,
  type PutParameterCommandInput,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { type Fields, nameOf, request } from "./request";
import { retag, tagList } from "./tags";

type ParameterInputs = Inputs<aws.ssm.ParameterArgs>;

const secure = "SecureString";
/** The key of a SecureString that names none. */
const defaultKey = "alias/aws/ssm";

/** The parameter, its value in the clear or as it is kept; undefined when there is none of the name. */
export async function readParameter(
  Name: string,
  cloud: Cloud,
  WithDecryption = true,
): Promise<Parameter | undefined> {
  const get = new GetParameterCommand({ Name, WithDecryption });
  return (await ifPresent(cloud.client(SSMClient).send(get)))?.Parameter;
}

function parameterArn(name: string, { region, account }: Place): string {
  return `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
}

function settings(inputs: ParameterInputs) {
  return {
    AllowedPattern: inputs.allowedPattern,
    DataType: inputs.dataType,
    Description: inputs.description,
    KeyId: inputs.keyId,
    Name: nameOf(inputs),
    Tier: inputs.tier,
    Type: inputs.type,
    Value: inputs.value ?? inputs.insecureValue ?? inputs.valueWo,
  } satisfies Fields<PutParameterCommandInput>;
}

/** A write-only value counts only together with a new version of it: until then the one that is there stays. */
async function keptValue(inputs: ParameterInputs, old: ParameterInputs, cloud: Cloud) {
  const isWriteOnly = inputs.valueWo !== undefined && old.valueWo !== undefined;
  if (!isWriteOnly || inputs.valueWoVersion !== old.valueWoVersion) return {};
  const { Value } = (await readParameter(nameOf(inputs), cloud)) ?? {};
  return Value === undefined ? {} : { Value };
}

const parameter = resource<aws.ssm.ParameterArgs>({
  nameProperty: "name",
  // AWS takes no other type or data type for a name that has one.
  replaceOn: ["name", "type", "dataType"],
  outputs: (_id, inputs, place) => {
    const isSecure = inputs.type === secure;
    const value = inputs.value ?? inputs.insecureValue ?? "";
    return {
      arn: parameterArn(nameOf(inputs), place),
      dataType: inputs.dataType ?? "text",
      hasValueWo: inputs.valueWo !== undefined,
      insecureValue: isSecure ? "" : value,
      keyId: isSecure ? (inputs.keyId ?? defaultKey) : "",
      tier: inputs.tier ?? "Standard",
      value,
    };
  },
  async create(inputs, cloud) {
    const ssm = cloud.client(SSMClient);
    const Name = nameOf(inputs);
    const put = new PutParameterCommand(
      request({ ...settings(inputs), Overwrite: inputs.overwrite, Tags: tagList(inputs.tags) }),
    );
    const { Version } = await createAnew(
      () => ssm.send(put),
      () => ssm.send(new DeleteParameterCommand({ Name })),
    );
    return { id: Name, outputs: { version: Version } };
  },
  async read(id, _inputs, cloud) {
    const found = await readParameter(id, cloud);
    return found && { version: found.Version };
  },
  async update(id, inputs, old, cloud) {
    const ssm = cloud.client(SSMClient);
    const kept = await keptValue(inputs, old, cloud);
    const put = new PutParameterCommand(
      request({
        ...settings(inputs),
        ...kept,
        // AWS keeps a description that is left out.
        Description: inputs.description ?? "",
        Overwrite: true,
      }),
    );
    const { Version } = await ssm.send(put);
    const tagged = { ResourceType: "Parameter", ResourceId: id } as const;
    await retag(inputs.tags, old.tags, {
      tag: (tags) => ssm.send(new AddTagsToResourceCommand({ ...tagged, Tags: tagList(tags) })),
      untag: (TagKeys) => ssm.send(new RemoveTagsFromResourceCommand({ ...tagged, TagKeys })),
    });
    return { version: Version };
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(SSMClient).send(new DeleteParameterCommand({ Name: id })));
  },
});

export const ssm: ServiceTable = {
  "aws:ssm/parameter:Parameter": parameter,
};
