import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { filterPattern } from "../completions/filter-pattern";
import { completedKind } from "../completions/mapping-settings";
import { hasCompletions } from "../completions/relay";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent, refuse } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";
import { retag } from "./tags";

type PermissionInputs = Inputs<aws.lambda.PermissionArgs>;

function permissionKey(inputs: PermissionInputs) {
  return { FunctionName: inputs.function, Qualifier: inputs.qualifier, StatementId: inputs.statementId };
}

async function removePermission(inputs: PermissionInputs, cloud: Cloud): Promise<void> {
  await ifPresent(cloud.client(LambdaClient).send(new RemovePermissionCommand(permissionKey(inputs))));
}

// Lambda changes no statement, so every change replaces, as on AWS.
const permission = resource<aws.lambda.PermissionArgs>({
  nameProperty: "statementId",
  outputs: () => ({}),
  async create(inputs, cloud) {
    const add = new AddPermissionCommand(
      request({
        ...permissionKey(inputs),
        Action: inputs.action,
        EventSourceToken: inputs.eventSourceToken,
        FunctionUrlAuthType: inputs.functionUrlAuthType,
        InvokedViaFunctionUrl: inputs.invokedViaFunctionUrl,
        Principal: inputs.principal,
        PrincipalOrgID: inputs.principalOrgId,
        SourceAccount: inputs.sourceAccount,
        SourceArn: inputs.sourceArn,
      }),
    );
    await createAnew(
      () => cloud.client(LambdaClient).send(add),
      () => removePermission(inputs, cloud),
    );
    return { id: nameOf({ name: inputs.statementId }) };
  },
  async read(id, inputs, cloud) {
    const { FunctionName, Qualifier } = permissionKey(inputs);
    const answer = await ifPresent(
      cloud.client(LambdaClient).send(new GetPolicyCommand({ FunctionName, Qualifier })),
    );
    const policy: { Statement?: { Sid?: string }[] } = JSON.parse(answer?.Policy ?? "{}");
    return policy.Statement?.some(({ Sid }) => Sid === id) ? {} : undefined;
  },
  delete: (_id, inputs, cloud) => removePermission(inputs, cloud),
});

type MappingInputs = Inputs<aws.lambda.EventSourceMappingArgs>;

function isQueue({ eventSourceArn }: MappingInputs): boolean {
  return `${eventSourceArn}`.startsWith("arn:aws:sqs:");
}

/** Whether completions run the mapping, and the emulator does not. */
function isCompleted(inputs: MappingInputs, place: Place): boolean {
  return hasCompletions(place) && completedKind(inputs) !== undefined;
}

/**
 * The settings that CreateEventSourceMapping and UpdateEventSourceMapping both take. All have a value, so that an
 * update undoes what is no longer given.
 * Defaults: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
function mappingSettings(inputs: MappingInputs, place: Place) {
  const onFailure = inputs.destinationConfig?.onFailure;
  const settings = {
    BatchSize: inputs.batchSize ?? (isQueue(inputs) ? 10 : 100),
    Enabled: (inputs.enabled ?? true) && !isCompleted(inputs, place),
    FilterCriteria: pascal(inputs.filterCriteria) ?? {},
    FunctionName: inputs.functionName,
    FunctionResponseTypes: inputs.functionResponseTypes ?? [],
    KMSKeyArn: inputs.kmsKeyArn,
    MaximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds ?? 0,
    MetricsConfig: pascal(inputs.metricsConfig),
    ProvisionedPollerConfig: pascal(inputs.provisionedPollerConfig),
  } satisfies Fields<UpdateEventSourceMappingCommandInput>;
  if (isQueue(inputs)) return { ...settings, ScalingConfig: pascal(inputs.scalingConfig) ?? {} };
  return {
    ...settings,
    BisectBatchOnFunctionError: inputs.bisectBatchOnFunctionError ?? false,
    DestinationConfig: { OnFailure: onFailure ? { Destination: onFailure.destinationArn } : {} },
    MaximumRecordAgeInSeconds: inputs.maximumRecordAgeInSeconds ?? -1,
    MaximumRetryAttempts: inputs.maximumRetryAttempts ?? -1,
    ParallelizationFactor: inputs.parallelizationFactor ?? 1,
    TumblingWindowInSeconds: inputs.tumblingWindowInSeconds ?? 0,
  };
}

function known(mapping: EventSourceMappingConfiguration, inputs: MappingInputs, place: Place) {
  return {
    arn: mapping.EventSourceMappingArn,
    functionArn: mapping.FunctionArn,
    state: isCompleted(inputs, place) && (inputs.enabled ?? true) ? "Enabled" : mapping.State,
  };
}

/** @throws BadFilterPattern, which only Lambda itself would tell otherwise; UnsupportedInput */
function checkCompleted(inputs: MappingInputs, place: Place): void {
  if (!isCompleted(inputs, place)) return;
  for (const { pattern = "{}" } of inputs.filterCriteria?.filters ?? []) filterPattern(pattern);
  refuse(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    inputs,
    ["startingPositionTimestamp", "tumblingWindowInSeconds"],
    "Leave it out: mappings begin at LATEST or TRIM_HORIZON and hand on no state.",
  );
}

/** Removes mappings of the same source and function: a second one would deliver everything twice. */
async function removeTwins(inputs: MappingInputs, cloud: Cloud): Promise<void> {
  const lambda = cloud.client(LambdaClient);
  const { functionName: FunctionName, eventSourceArn: EventSourceArn } = inputs;
  const twins = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName, EventSourceArn }));
  for (const { UUID } of twins.EventSourceMappings ?? []) {
    await ifPresent(lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  }
}

const eventSourceMapping = resource<aws.lambda.EventSourceMappingArgs>({
  replaceOn: ["eventSourceArn", "startingPosition", "startingPositionTimestamp"],
  outputs: (id, inputs, place) => ({
    uuid: id,
    arn: `arn:aws:lambda:${place.region}:${place.account}:event-source-mapping:${id}`,
    batchSize: mappingSettings(inputs, place).BatchSize,
  }),
  async create(inputs, cloud) {
    checkCompleted(inputs, cloud);
    await removeTwins(inputs, cloud);
    const startingAt = inputs.startingPositionTimestamp;
    const create = new CreateEventSourceMappingCommand(
      request({
        ...mappingSettings(inputs, cloud),
        EventSourceArn: inputs.eventSourceArn,
        StartingPosition: inputs.startingPosition,
        StartingPositionTimestamp: startingAt ? new Date(startingAt) : undefined,
        Tags: inputs.tags,
      }),
    );
    const made = await cloud.client(LambdaClient).send(create);
    return { id: made.UUID ?? "", outputs: known(made, inputs, cloud) };
  },
  async read(id, inputs, cloud) {
    const get = new GetEventSourceMappingCommand({ UUID: id });
    const mapping = await ifPresent(cloud.client(LambdaClient).send(get));
    return mapping && known(mapping, inputs, cloud);
  },
  async update(id, inputs, old, cloud) {
    checkCompleted(inputs, cloud);
    const lambda = cloud.client(LambdaClient);
    const update = new UpdateEventSourceMappingCommand(
      request({ ...mappingSettings(inputs, cloud), UUID: id }),
    );
    const mapping = await lambda.send(update);
    const Resource = mapping.EventSourceMappingArn;
    await retag(inputs.tags, old.tags, {
      tag: (Tags) => lambda.send(new TagResourceCommand({ Resource, Tags })),
      untag: (TagKeys) => lambda.send(new UntagResourceCommand({ Resource, TagKeys })),
    });
    return known(mapping, inputs, cloud);
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(LambdaClient).send(new DeleteEventSourceMappingCommand({ UUID: id })));
  },
});

type InvokeInputs = Inputs<aws.lambda.FunctionEventInvokeConfigArgs>;

function invokeConfigKey({ functionName: FunctionName, qualifier: Qualifier }: InvokeInputs) {
  return { FunctionName, Qualifier };
}

async function putInvokeConfig(inputs: InvokeInputs, cloud: Cloud): Promise<void> {
  const put = new PutFunctionEventInvokeConfigCommand({
    ...invokeConfigKey(inputs),
    DestinationConfig: pascal(inputs.destinationConfig),
    MaximumEventAgeInSeconds: inputs.maximumEventAgeInSeconds,
    MaximumRetryAttempts: inputs.maximumRetryAttempts,
  });
  await cloud.client(LambdaClient).send(put);
}

const functionEventInvokeConfig = resource<aws.lambda.FunctionEventInvokeConfigArgs>({
  replaceOn: ["functionName", "qualifier"],
  outputs: (_id, inputs) => ({ maximumRetryAttempts: inputs.maximumRetryAttempts ?? 2 }),
  async create(inputs, cloud) {
    await putInvokeConfig(inputs, cloud);
    const { functionName, qualifier } = inputs;
    return { id: qualifier ? `${functionName}:${qualifier}` : functionName };
  },
  async read(_id, inputs, cloud) {
    const get = new GetFunctionEventInvokeConfigCommand(invokeConfigKey(inputs));
    return (await ifPresent(cloud.client(LambdaClient).send(get))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    await putInvokeConfig(inputs, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new DeleteFunctionEventInvokeConfigCommand(invokeConfigKey(inputs));
    await ifPresent(cloud.client(LambdaClient).send(remove));
  },
});

/** Who may invoke a function, what invokes it, and what becomes of an asynchronous invocation. */
export const invocation: ServiceTable = {
  "aws:lambda/permission:Permission": permission,
  "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": functionEventInvokeConfig,
};
