import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  SFNClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
  type UpdateStateMachineCommandInput,
} from "@aws-sdk/client-sfn";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { type Fields, nameOf, request } from "./request";
import { retag, type Tags, tagList } from "./tags";

type MachineInputs = Inputs<aws.sfn.StateMachineArgs>;

function machineArn(name: string, { region, account }: Place): string {
  return `arn:aws:states:${region}:${account}:stateMachine:${name}`;
}

/** Tags as this service alone names their parts. */
function machineTags(tags: Tags | undefined) {
  return tagList(tags)?.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

/** All that can be changed in place; an update undoes what is no longer given. */
function settings(inputs: MachineInputs) {
  const { encryptionConfiguration: encryption, loggingConfiguration: logging } = inputs;
  const logGroupArn = logging?.logDestination;
  return {
    definition: inputs.definition,
    encryptionConfiguration: encryption && { ...encryption, type: encryption.type ?? "AWS_OWNED_KEY" },
    loggingConfiguration: {
      destinations: logGroupArn ? [{ cloudWatchLogsLogGroup: { logGroupArn } }] : [],
      includeExecutionData: logging?.includeExecutionData ?? false,
      level: logging?.level ?? "OFF",
    },
    publish: inputs.publish,
    roleArn: inputs.roleArn,
    tracingConfiguration: { enabled: inputs.tracingConfiguration?.enabled ?? false },
  } satisfies Fields<UpdateStateMachineCommandInput>;
}

async function readMachine(stateMachineArn: string, cloud: Cloud) {
  const describe = new DescribeStateMachineCommand({ stateMachineArn });
  const found = await ifPresent(cloud.client(SFNClient).send(describe));
  return (
    found && {
      creationDate: found.creationDate?.toISOString(),
      description: found.description ?? "",
      revisionId: found.revisionId,
      status: found.status,
    }
  );
}

const stateMachine = resource<aws.sfn.StateMachineArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "type"],
  outputs: (_id, inputs, place) => ({
    arn: machineArn(nameOf(inputs), place),
    type: inputs.type ?? "STANDARD",
  }),
  async create(inputs, cloud) {
    const sfn = cloud.client(SFNClient);
    const name = nameOf(inputs);
    const create = new CreateStateMachineCommand(
      request({ ...settings(inputs), name, tags: machineTags(inputs.tags), type: inputs.type }),
    );
    const { stateMachineArn: id = "", stateMachineVersionArn } = await createAnew(
      () => sfn.send(create),
      () => sfn.send(new DeleteStateMachineCommand({ stateMachineArn: machineArn(name, cloud) })),
    );
    return { id, outputs: { ...(await readMachine(id, cloud)), stateMachineVersionArn } };
  },
  read: (id, _inputs, cloud) => readMachine(id, cloud),
  async update(id, inputs, old, cloud) {
    const sfn = cloud.client(SFNClient);
    const update = new UpdateStateMachineCommand(request({ ...settings(inputs), stateMachineArn: id }));
    const { stateMachineVersionArn } = await sfn.send(update);
    await retag(inputs.tags, old.tags, {
      tag: (tags) => sfn.send(new TagResourceCommand({ resourceArn: id, tags: machineTags(tags) })),
      untag: (tagKeys) => sfn.send(new UntagResourceCommand({ resourceArn: id, tagKeys })),
    });
    return { ...(await readMachine(id, cloud)), stateMachineVersionArn };
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteStateMachineCommand({ stateMachineArn: id });
    await ifPresent(cloud.client(SFNClient).send(remove));
  },
});

export const sfn: ServiceTable = {
  "aws:sfn/stateMachine:StateMachine": stateMachine,
};
