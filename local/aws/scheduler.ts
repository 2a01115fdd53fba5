import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from "@aws-sdk/client-scheduler";
import type * as aws from "@pulumi/aws";
import { isRelayed, relayArn } from "../completions/relay";
import { type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";
import { retag, tagList } from "./tags";

type ScheduleInputs = Inputs<aws.scheduler.ScheduleArgs>;

const defaultGroup = "default";

function scheduleKey({ name, groupName }: ScheduleInputs) {
  return { Name: name, GroupName: groupName ?? defaultGroup };
}

function idOf(inputs: ScheduleInputs): string {
  return `${inputs.groupName ?? defaultGroup}/${nameOf(inputs)}`;
}

function date(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

/** The whole schedule: UpdateSchedule, too, takes everything and undoes what is left out. */
function definition(inputs: ScheduleInputs, place: Place) {
  const { target } = inputs;
  // Completions run functions: the emulator would neither try again nor use the dead-letter queue.
  const relayed = isRelayed(target.arn, place);
  return {
    ...scheduleKey(inputs),
    ActionAfterCompletion: inputs.actionAfterCompletion,
    Description: inputs.description,
    EndDate: date(inputs.endDate),
    FlexibleTimeWindow: pascal(inputs.flexibleTimeWindow),
    KmsKeyArn: inputs.kmsKeyArn,
    ScheduleExpression: inputs.scheduleExpression,
    ScheduleExpressionTimezone: inputs.scheduleExpressionTimezone,
    StartDate: date(inputs.startDate),
    State: inputs.state,
    // Targets that run containers or pipelines have nothing to run here; their settings stay inputs.
    Target: {
      Arn: relayed ? relayArn(place) : target.arn,
      RoleArn: target.roleArn,
      DeadLetterConfig: pascal(target.deadLetterConfig),
      EventBridgeParameters: pascal(target.eventbridgeParameters),
      Input: relayed ? JSON.stringify({ schedule: idOf(inputs) }) : target.input,
      KinesisParameters: pascal(target.kinesisParameters),
      RetryPolicy: pascal(target.retryPolicy),
      SqsParameters: pascal(target.sqsParameters),
    },
  } satisfies Fields<UpdateScheduleCommandInput>;
}

const schedule = resource<aws.scheduler.ScheduleArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "groupName"],
  outputs: (_id, inputs, { region, account }) => ({
    arn: `arn:aws:scheduler:${region}:${account}:schedule/${inputs.groupName ?? defaultGroup}/${inputs.name}`,
    actionAfterCompletion: inputs.actionAfterCompletion ?? "NONE",
    groupName: inputs.groupName ?? defaultGroup,
    scheduleExpressionTimezone: inputs.scheduleExpressionTimezone ?? "UTC",
    state: inputs.state ?? "ENABLED",
  }),
  async create(inputs, cloud) {
    const scheduler = cloud.client(SchedulerClient);
    await createAnew(
      () => scheduler.send(new CreateScheduleCommand(request(definition(inputs, cloud)))),
      () => scheduler.send(new DeleteScheduleCommand(scheduleKey(inputs))),
    );
    return { id: idOf(inputs) };
  },
  async read(_id, inputs, cloud) {
    const get = new GetScheduleCommand(scheduleKey(inputs));
    return (await ifPresent(cloud.client(SchedulerClient).send(get))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    await cloud.client(SchedulerClient).send(new UpdateScheduleCommand(request(definition(inputs, cloud))));
    return {};
  },
  async delete(_id, inputs, cloud) {
    await ifPresent(cloud.client(SchedulerClient).send(new DeleteScheduleCommand(scheduleKey(inputs))));
  },
});

function groupArn(name: string, { region, account }: Place): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;
}

const scheduleGroup = resource<aws.scheduler.ScheduleGroupArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix"],
  outputs: (id, _inputs, place) => ({ arn: groupArn(id, place) }),
  async create(inputs, cloud) {
    const scheduler = cloud.client(SchedulerClient);
    const Name = nameOf(inputs);
    await createAnew(
      () => scheduler.send(new CreateScheduleGroupCommand({ Name, Tags: tagList(inputs.tags) })),
      () => scheduler.send(new DeleteScheduleGroupCommand({ Name })),
    );
    return { id: Name };
  },
  async read(id, _inputs, cloud) {
    const group = await ifPresent(
      cloud.client(SchedulerClient).send(new GetScheduleGroupCommand({ Name: id })),
    );
    return (
      group && {
        creationDate: group.CreationDate?.toISOString(),
        state: group.State,
      }
    );
  },
  async update(id, inputs, old, cloud) {
    const scheduler = cloud.client(SchedulerClient);
    const ResourceArn = groupArn(id, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (tags) => scheduler.send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) })),
      untag: (TagKeys) => scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    });
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(SchedulerClient).send(new DeleteScheduleGroupCommand({ Name: id })));
  },
});

export const scheduler: ServiceTable = {
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:scheduler/scheduleGroup:ScheduleGroup": scheduleGroup,
};
