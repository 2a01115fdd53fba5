import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type * as aws from "@pulumi/aws";
import { isRelayed, relayArn, TARGET_HEADER, targetName } from "../completions/relay";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { arnOf, buses, busName, defaultBus, idOn, retagAt } from "./events-bus";
import { ifPresent } from "./faults";
import { type Fields, nameOf, pascal, request } from "./request";

type RuleInputs = Inputs<aws.cloudwatch.EventRuleArgs>;

function ruleKey({ name, eventBusName }: RuleInputs) {
  return { Name: name, EventBusName: busName(eventBusName) };
}

function ruleArn(inputs: RuleInputs, place: Place): string {
  return arnOf(`rule/${idOn(inputs.eventBusName, "/", inputs.name ?? "")}`, place);
}

function ruleState({ state, isEnabled }: RuleInputs): string {
  return state ?? (isEnabled === false ? "DISABLED" : "ENABLED");
}

/** Makes the rule or brings it up to date. Tags go apart, as AWS heeds them in PutRule only for a new rule. */
async function putRule(inputs: RuleInputs, old: Partial<RuleInputs>, cloud: Cloud): Promise<void> {
  const put = new PutRuleCommand(
    request({
      ...ruleKey(inputs),
      Description: inputs.description ?? "",
      EventPattern: inputs.eventPattern,
      RoleArn: inputs.roleArn,
      ScheduleExpression: inputs.scheduleExpression,
      State: ruleState(inputs),
    }),
  );
  await cloud.client(EventBridgeClient).send(put);
  await retagAt(ruleArn(inputs, cloud), inputs.tags, old.tags, cloud);
}

const eventRule = resource<aws.cloudwatch.EventRuleArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "eventBusName"],
  outputs: (_id, inputs, place) => ({
    arn: ruleArn(inputs, place),
    eventBusName: inputs.eventBusName ?? defaultBus,
    state: ruleState(inputs),
  }),
  async create(inputs, cloud) {
    await putRule(inputs, {}, cloud);
    return { id: idOn(inputs.eventBusName, "/", nameOf(inputs)) };
  },
  async read(_id, inputs, cloud) {
    const describe = new DescribeRuleCommand(ruleKey(inputs));
    return (await ifPresent(cloud.client(EventBridgeClient).send(describe))) && {};
  },
  async update(_id, inputs, old, cloud) {
    await putRule(inputs, old, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    await ifPresent(cloud.client(EventBridgeClient).send(new DeleteRuleCommand(ruleKey(inputs))));
  },
});

type TargetInputs = Inputs<aws.cloudwatch.EventTargetArgs>;

/** EventBridge answers a refused target as a part of success. */
export class TargetRefused extends Error {
  constructor(inputs: TargetInputs, reason: string) {
    super(`EventBridge refused ${inputs.arn} as a target of rule ${inputs.rule}: ${reason}`);
    this.name = "TargetRefused";
  }
}

function targetKey({ rule, eventBusName }: TargetInputs) {
  return { Rule: rule, EventBusName: busName(eventBusName) };
}

// Targets that run containers, batch jobs or pipelines have nothing to run here; their settings stay inputs.
async function putTarget(inputs: TargetInputs, cloud: Cloud): Promise<void> {
  const { inputTransformer: transformer, httpTarget: http } = inputs;
  const name = targetName(busName(inputs.eventBusName), inputs.rule, inputs.targetId ?? "");
  // Completions deliver to functions: the emulator would neither try again nor use the dead-letter queue.
  const relayed = isRelayed(inputs.arn, cloud);
  const target = {
    Id: inputs.targetId,
    Arn: relayed ? relayArn(cloud) : inputs.arn,
    DeadLetterConfig: pascal(inputs.deadLetterConfig),
    HttpParameters: relayed
      ? { HeaderParameters: { [TARGET_HEADER]: name } }
      : http && {
          HeaderParameters: http.headerParameters,
          PathParameterValues: http.pathParameterValues,
          QueryStringParameters: http.queryStringParameters,
        },
    Input: inputs.input,
    InputPath: inputs.inputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.inputPaths,
      InputTemplate: transformer.inputTemplate,
    },
    KinesisParameters: inputs.kinesisTarget && { PartitionKeyPath: inputs.kinesisTarget.partitionKeyPath },
    RetryPolicy: pascal(inputs.retryPolicy),
    RoleArn: inputs.roleArn,
    SqsParameters: pascal(inputs.sqsTarget),
  } satisfies Fields<Target>;
  const put = new PutTargetsCommand({ ...targetKey(inputs), Targets: [target] });
  const { FailedEntries } = await cloud.client(EventBridgeClient).send(put);
  const reason = FailedEntries?.[0]?.ErrorMessage;
  if (FailedEntries?.length) throw new TargetRefused(inputs, reason ?? "no reason given");
}

const eventTarget = resource<aws.cloudwatch.EventTargetArgs>({
  nameProperty: "targetId",
  replaceOn: ["rule", "eventBusName", "targetId"],
  outputs: (_id, inputs) => ({ eventBusName: inputs.eventBusName ?? defaultBus }),
  async create(inputs, cloud) {
    await putTarget(inputs, cloud);
    return { id: idOn(inputs.eventBusName, "-", inputs.rule, nameOf({ name: inputs.targetId })) };
  },
  async read(_id, inputs, cloud) {
    const list = new ListTargetsByRuleCommand(targetKey(inputs));
    const answer = await ifPresent(cloud.client(EventBridgeClient).send(list));
    return answer?.Targets?.some(({ Id }) => Id === inputs.targetId) ? {} : undefined;
  },
  async update(_id, inputs, _old, cloud) {
    await putTarget(inputs, cloud);
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new RemoveTargetsCommand({ ...targetKey(inputs), Ids: [inputs.targetId ?? ""] });
    await ifPresent(cloud.client(EventBridgeClient).send(remove));
  },
});

export const events: ServiceTable = {
  ...buses,
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
};
