import { isDeepStrictEqual } from "node:util";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexUpdate,
  type KeySchemaElement,
  type TableDescription,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent, refuse } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";
import { retag, tagList } from "./tags";

type Table = Inputs<aws.dynamodb.TableArgs>;
type Index = NonNullable<Table["globalSecondaryIndexes"]>[number];

const type = "aws:dynamodb/table:Table";

function keySchema(hashKey: string | undefined, rangeKey: string | undefined): KeySchemaElement[] {
  const hash: KeySchemaElement[] = hashKey ? [{ AttributeName: hashKey, KeyType: "HASH" }] : [];
  return rangeKey ? [...hash, { AttributeName: rangeKey, KeyType: "RANGE" }] : hash;
}

function attributeDefinitions(table: Table) {
  return (table.attributes ?? []).map(({ name, type }) => ({ AttributeName: name, AttributeType: type }));
}

/** Read and write capacity units, which AWS refuses on a table that is paid by request. */
function throughput(table: Table, of: { readCapacity?: number; writeCapacity?: number }) {
  if (table.billingMode === "PAY_PER_REQUEST") return undefined;
  return { ReadCapacityUnits: of.readCapacity, WriteCapacityUnits: of.writeCapacity };
}

function projection(index: { projectionType: string; nonKeyAttributes?: string[] }) {
  return { ProjectionType: index.projectionType, NonKeyAttributes: index.nonKeyAttributes };
}

function globalIndex(table: Table, index: Index) {
  return {
    IndexName: index.name,
    KeySchema: index.keySchemas ? pascal(index.keySchemas) : keySchema(index.hashKey, index.rangeKey),
    Projection: projection(index),
    ProvisionedThroughput: throughput(table, index),
    OnDemandThroughput: pascal(index.onDemandThroughput),
    WarmThroughput: pascal(index.warmThroughput),
  };
}

function streamSpecification({ streamEnabled, streamViewType }: Table) {
  return streamEnabled
    ? { StreamEnabled: true, StreamViewType: streamViewType ?? "NEW_AND_OLD_IMAGES" }
    : { StreamEnabled: false };
}

function sseSpecification({ serverSideEncryption: encryption }: Table) {
  if (!encryption?.enabled) return { Enabled: false };
  return { Enabled: true, KMSMasterKeyId: encryption.kmsKeyArn, SSEType: "KMS" };
}

/** The settings that CreateTable and UpdateTable both take. */
function settings(table: Table) {
  return {
    BillingMode: table.billingMode ?? "PROVISIONED",
    DeletionProtectionEnabled: table.deletionProtectionEnabled ?? false,
    OnDemandThroughput: pascal(table.onDemandThroughput),
    ProvisionedThroughput: throughput(table, table),
    SSESpecification: sseSpecification(table),
    TableClass: table.tableClass ?? "STANDARD",
    WarmThroughput: pascal(table.warmThroughput),
  } satisfies Fields<UpdateTableCommandInput>;
}

/** Index changes from `old` to `table`, one a request: AWS makes or removes only one index at a time. */
function indexUpdates(table: Table, old: Table) {
  const had = new Map(old.globalSecondaryIndexes?.map((index) => [index.name, globalIndex(old, index)]));
  const wanted = new Map(
    table.globalSecondaryIndexes?.map((index) => [index.name, globalIndex(table, index)]),
  );
  const changed = [...wanted.values()].filter((index) => !isDeepStrictEqual(index, had.get(index.IndexName)));
  const remade = changed.filter((index) => {
    const before = had.get(index.IndexName);
    return !before || !isDeepStrictEqual(shape(index), shape(before));
  });
  const gone = [...had.keys()].filter((name) => !wanted.has(name));
  const replaced = remade.map(({ IndexName }) => IndexName).filter((name) => had.has(name));
  return [
    ...[...gone, ...replaced].map((IndexName) => ({ Delete: { IndexName } })),
    ...remade.map((Create) => ({ Create })),
    ...changed
      .filter((index) => !remade.includes(index))
      .map(({ KeySchema, Projection, ...Update }) => ({ Update }))
      .filter(({ Update: { IndexName, ...capacity } }) => Object.values(capacity).some((units) => units)),
  ];
}

function shape({ KeySchema, Projection }: ReturnType<typeof globalIndex>) {
  return { KeySchema, Projection };
}

async function setTimeToLive(table: Table, { ttl }: Table, cloud: Cloud): Promise<void> {
  const AttributeName = ttl?.attributeName;
  if (!AttributeName) return;
  const TimeToLiveSpecification = { AttributeName, Enabled: ttl.enabled ?? false };
  await cloud
    .client(DynamoDBClient)
    .send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
}

async function setPointInTimeRecovery(table: Table, cloud: Cloud): Promise<void> {
  const recovery = table.pointInTimeRecovery;
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: recovery?.enabled ?? false,
    RecoveryPeriodInDays: recovery?.recoveryPeriodInDays,
  };
  await cloud
    .client(DynamoDBClient)
    .send(new UpdateContinuousBackupsCommand({ TableName: table.name, PointInTimeRecoverySpecification }));
}

async function setStream(table: Table, old: Table, cloud: Cloud): Promise<void> {
  const dynamodb = cloud.client(DynamoDBClient);
  const send = (of: Table) =>
    dynamodb.send(
      new UpdateTableCommand(
        request({ TableName: table.name, StreamSpecification: streamSpecification(of) }),
      ),
    );
  if (isDeepStrictEqual(streamSpecification(table), streamSpecification(old))) return;
  // AWS changes the view only of a stream that is made anew.
  if (table.streamEnabled && old.streamEnabled) await send({ ...table, streamEnabled: false });
  await send(table);
}

function arnOf(table: Table, { region, account }: Place): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${table.name}`;
}

function streamOf(table: TableDescription | undefined) {
  return { streamArn: table?.LatestStreamArn ?? "", streamLabel: table?.LatestStreamLabel ?? "" };
}

const table = resource<aws.dynamodb.TableArgs>({
  nameProperty: "name",
  replaceOn: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
  outputs: (_id, inputs, place) => ({
    arn: arnOf(inputs, place),
    billingMode: inputs.billingMode ?? "PROVISIONED",
    // A plan's: that of a table that exists ends with when the stream was made.
    streamArn: inputs.streamEnabled ? `${arnOf(inputs, place)}/stream/1970-01-01T00:00:00.000` : "",
    streamViewType: inputs.streamEnabled ? inputs.streamViewType : "",
  }),
  async create(inputs, cloud) {
    refuse(type, inputs, ["replicas", "globalTableWitness"], "It is one region: replicate on AWS only.");
    refuse(
      type,
      inputs,
      ["importTable", "restoreBackupArn", "restoreSourceName", "restoreSourceTableArn"],
      "Fill the table from the program or by script instead.",
    );
    const dynamodb = cloud.client(DynamoDBClient);
    const TableName = inputs.name;
    const create = new CreateTableCommand(
      request({
        ...settings(inputs),
        TableName,
        AttributeDefinitions: attributeDefinitions(inputs),
        KeySchema: keySchema(inputs.hashKey, inputs.rangeKey),
        GlobalSecondaryIndexes: inputs.globalSecondaryIndexes?.map((index) => globalIndex(inputs, index)),
        LocalSecondaryIndexes: inputs.localSecondaryIndexes?.map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(inputs.hashKey, index.rangeKey),
          Projection: projection(index),
        })),
        StreamSpecification: inputs.streamEnabled ? streamSpecification(inputs) : undefined,
        Tags: tagList(inputs.tags),
      }),
    );
    const { TableDescription } = await createAnew(
      () => dynamodb.send(create),
      () => dynamodb.send(new DeleteTableCommand({ TableName })),
    );
    await setTimeToLive(inputs, inputs, cloud);
    if (inputs.pointInTimeRecovery) await setPointInTimeRecovery(inputs, cloud);
    return { id: nameOf(inputs), outputs: streamOf(TableDescription) };
  },
  async read(id, _inputs, cloud) {
    const dynamodb = cloud.client(DynamoDBClient);
    const answer = await ifPresent(dynamodb.send(new DescribeTableCommand({ TableName: id })));
    return answer && streamOf(answer.Table);
  },
  async update(id, inputs, old, cloud) {
    const dynamodb = cloud.client(DynamoDBClient);
    const before: Record<string, unknown> = settings(old);
    const changed = Object.entries(settings(inputs)).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(value, before[name]),
    );
    if (changed.length > 0) {
      await dynamodb.send(new UpdateTableCommand({ TableName: id, ...Object.fromEntries(changed) }));
    }
    await setStream(inputs, old, cloud);
    for (const update of indexUpdates(inputs, old)) {
      const AttributeDefinitions = attributeDefinitions(inputs);
      const GlobalSecondaryIndexUpdates: GlobalSecondaryIndexUpdate[] = [request(update)];
      await dynamodb.send(
        new UpdateTableCommand(request({ TableName: id, AttributeDefinitions, GlobalSecondaryIndexUpdates })),
      );
    }
    if (!isDeepStrictEqual(inputs.ttl, old.ttl)) {
      const off = { ttl: { ...old.ttl, enabled: false } };
      await setTimeToLive(inputs, inputs.ttl?.attributeName ? inputs : off, cloud);
    }
    if (!isDeepStrictEqual(inputs.pointInTimeRecovery, old.pointInTimeRecovery)) {
      await setPointInTimeRecovery(inputs, cloud);
    }
    const ResourceArn = arnOf(inputs, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (tags) => dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) })),
      untag: (TagKeys) => dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    });
    return streamOf((await dynamodb.send(new DescribeTableCommand({ TableName: id }))).Table);
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(DynamoDBClient).send(new DeleteTableCommand({ TableName: id })));
  },
});

export const dynamodb: ServiceTable = { [type]: table };
