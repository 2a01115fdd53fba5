import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateArchiveCommand,
  type UpdateArchiveCommandInput,
  UpdateEventBusCommand,
  type UpdateEventBusCommandInput,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";
import { retag, type Tags, tagList } from "./tags";

export const defaultBus = "default";

/** The name of a bus that is given by name, by ARN, or not at all. */
export function busName(bus: string | undefined): string {
  return bus?.replace(/^arn:.*:event-bus\//, "") ?? defaultBus;
}

/** An id as the provider writes it: what is on the default bus leaves the bus out. */
export function idOn(bus: string | undefined, separator: string, ...names: string[]): string {
  const name = busName(bus);
  return (name === defaultBus ? names : [name, ...names]).join(separator);
}

export function arnOf(resourcePart: string, { region, account }: Place): string {
  return `arn:aws:events:${region}:${account}:${resourcePart}`;
}

export async function retagAt(
  ResourceARN: string,
  tags: Tags | undefined,
  old: Tags | undefined,
  cloud: Cloud,
) {
  const events = cloud.client(EventBridgeClient);
  await retag(tags, old, {
    tag: (changed) => events.send(new TagResourceCommand({ ResourceARN, Tags: tagList(changed) })),
    untag: (TagKeys) => events.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
  });
}

function busSettings(inputs: Inputs<aws.cloudwatch.EventBusArgs>) {
  return {
    Name: inputs.name,
    DeadLetterConfig: pascal(inputs.deadLetterConfig),
    Description: inputs.description,
    KmsKeyIdentifier: inputs.kmsKeyIdentifier,
    LogConfig: pascal(inputs.logConfig),
  } satisfies Fields<UpdateEventBusCommandInput>;
}

function busArn(name: string, place: Place): string {
  return arnOf(`event-bus/${name}`, place);
}

const eventBus = resource<aws.cloudwatch.EventBusArgs>({
  nameProperty: "name",
  replaceOn: ["name", "eventSourceName"],
  outputs: (id, _inputs, place) => ({ arn: busArn(id, place) }),
  async create(inputs, cloud) {
    const events = cloud.client(EventBridgeClient);
    const Name = nameOf(inputs);
    const EventSourceName = inputs.eventSourceName;
    const create = new CreateEventBusCommand(
      request({ ...busSettings(inputs), EventSourceName, Tags: tagList(inputs.tags) }),
    );
    await createAnew(
      () => events.send(create),
      () => events.send(new DeleteEventBusCommand({ Name })),
    );
    return { id: Name };
  },
  read: (id, _inputs, cloud) => readBus(id, cloud),
  async update(id, inputs, old, cloud) {
    const { DeadLetterConfig = {}, Description = "", ...settings } = busSettings(inputs);
    const update = new UpdateEventBusCommand(request({ ...settings, DeadLetterConfig, Description }));
    await cloud.client(EventBridgeClient).send(update);
    await retagAt(busArn(id, cloud), inputs.tags, old.tags, cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: id })));
  },
});

async function readBus(Name: string, cloud: Cloud) {
  return (await ifPresent(cloud.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name })))) && {};
}

function archiveSettings(inputs: Inputs<aws.cloudwatch.EventArchiveArgs>) {
  return {
    ArchiveName: inputs.name,
    Description: inputs.description ?? "",
    EventPattern: inputs.eventPattern,
    KmsKeyIdentifier: inputs.kmsKeyIdentifier,
    RetentionDays: inputs.retentionDays ?? 0,
  } satisfies Fields<UpdateArchiveCommandInput>;
}

const eventArchive = resource<aws.cloudwatch.EventArchiveArgs>({
  nameProperty: "name",
  replaceOn: ["name", "eventSourceArn"],
  outputs: (id, inputs, place) => ({
    arn: arnOf(`archive/${id}`, place),
    retentionDays: inputs.retentionDays ?? 0,
  }),
  async create(inputs, cloud) {
    const events = cloud.client(EventBridgeClient);
    const ArchiveName = nameOf(inputs);
    const create = new CreateArchiveCommand({
      ...archiveSettings(inputs),
      EventSourceArn: inputs.eventSourceArn,
    });
    await createAnew(
      () => events.send(create),
      () => events.send(new DeleteArchiveCommand({ ArchiveName })),
    );
    return { id: ArchiveName };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeArchiveCommand({ ArchiveName: id });
    return (await ifPresent(cloud.client(EventBridgeClient).send(describe))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    await cloud.client(EventBridgeClient).send(new UpdateArchiveCommand(archiveSettings(inputs)));
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(EventBridgeClient).send(new DeleteArchiveCommand({ ArchiveName: id })));
  },
});

type PermissionInputs = Inputs<aws.cloudwatch.EventPermissionArgs>;

async function putPermission(inputs: PermissionInputs, cloud: Cloud): Promise<void> {
  const put = new PutPermissionCommand({
    Action: inputs.action ?? "events:PutEvents",
    Condition: pascal(inputs.condition),
    EventBusName: busName(inputs.eventBusName),
    Principal: inputs.principal,
    StatementId: inputs.statementId,
  });
  await cloud.client(EventBridgeClient).send(put);
}

const eventPermission = resource<aws.cloudwatch.EventPermissionArgs>({
  replaceOn: ["statementId", "eventBusName"],
  outputs: (_id, inputs) => ({
    action: inputs.action ?? "events:PutEvents",
    eventBusName: inputs.eventBusName ?? defaultBus,
  }),
  async create(inputs, cloud) {
    await putPermission(inputs, cloud);
    return { id: idOn(inputs.eventBusName, "/", inputs.statementId) };
  },
  async read(_id, inputs, cloud) {
    const describe = new DescribeEventBusCommand({ Name: busName(inputs.eventBusName) });
    const bus = await ifPresent(cloud.client(EventBridgeClient).send(describe));
    const policy: { Statement?: { Sid?: string }[] } = JSON.parse(bus?.Policy ?? "{}");
    return policy.Statement?.some(({ Sid }) => Sid === inputs.statementId) ? {} : undefined;
  },
  async update(_id, inputs, _old, cloud) {
    await putPermission(inputs, cloud);
    return {};
  },
  async delete(_id, { statementId: StatementId, eventBusName }, cloud) {
    const remove = new RemovePermissionCommand({ StatementId, EventBusName: busName(eventBusName) });
    await ifPresent(cloud.client(EventBridgeClient).send(remove));
  },
});

// The emulator would take a whole policy for leave to everybody. As it admits other accounts, of which there are
// none here, it stays an input.
const eventBusPolicy = resource<aws.cloudwatch.EventBusPolicyArgs>({
  replaceOn: ["eventBusName"],
  outputs: (_id, inputs) => ({ eventBusName: inputs.eventBusName ?? defaultBus }),
  async create(inputs, cloud) {
    const Name = busName(inputs.eventBusName);
    await cloud.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name }));
    return { id: Name };
  },
  read: (id, _inputs, cloud) => readBus(id, cloud),
  update: async () => ({}),
  delete: async () => {},
});

/** Event buses, what they keep and who may put events on them. */
export const buses: ServiceTable = {
  "aws:cloudwatch/eventBus:EventBus": eventBus,
  "aws:cloudwatch/eventArchive:EventArchive": eventArchive,
  "aws:cloudwatch/eventPermission:EventPermission": eventPermission,
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": eventBusPolicy,
};
