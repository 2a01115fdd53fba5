import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Properties, Resource } from "../../../local/engine/resource";
import { readProject } from "../../../local/project";
import { apiArn, arn, roleArn } from "./graph-builder";

/** Pulumi type → outputs, from the physical name and the inputs, as the plan of a deployment knows them. */
const outputs: Readonly<Record<string, (name: string, inputs: Properties) => Properties>> = {
  "aws:apigatewayv2/api:Api": (name) => ({
    executionArn: apiArn(name),
    apiEndpoint: `wss://${name}.execute-api.eu-west-1.amazonaws.com`,
  }),
  "aws:apigatewayv2/stage:Stage": (name, { apiId }) => ({
    executionArn: `${apiArn(String(apiId))}/${name}`,
    invokeUrl: `https://${apiId}.execute-api.eu-west-1.amazonaws.com/`,
  }),
  "aws:cloudwatch/eventBus:EventBus": (name) => ({ arn: arn("events", `event-bus/${name}`) }),
  "aws:cloudwatch/eventRule:EventRule": (name, { eventBusName }) => ({
    arn: arn("events", `rule/${eventBusName}/${name}`),
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name) => ({ arn: arn("logs", `log-group:${name}`) }),
  "aws:cognito/userPool:UserPool": (name) => ({
    arn: arn("cognito-idp", `userpool/${name}`),
    endpoint: `cognito-idp.eu-west-1.amazonaws.com/${name}`,
  }),
  "aws:dynamodb/table:Table": (name) => ({
    arn: arn("dynamodb", `table/${name}`),
    streamArn: arn("dynamodb", `table/${name}/stream/2026-01-01T00:00:00.000`),
  }),
  "aws:iam/role:Role": (name) => ({ arn: roleArn(name) }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => ({ arn: arn("cloudwatch", `alarm:${name}`) }),
  "aws:lambda/function:Function": (name) => ({
    arn: arn("lambda", `function:${name}`),
    invokeArn: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn("lambda", `function:${name}`)}/invocations`,
  }),
  "aws:s3/bucket:Bucket": (name) => ({ arn: `arn:aws:s3:::${name}` }),
  "aws:scheduler/schedule:Schedule": (name) => ({ arn: arn("scheduler", `schedule/default/${name}`) }),
  "aws:sfn/stateMachine:StateMachine": (name) => ({ arn: arn("states", `stateMachine:${name}`) }),
  "aws:sns/topic:Topic": (name) => ({ arn: arn("sns", name) }),
  "aws:sqs/queue:Queue": (name) => ({
    arn: arn("sqs", name),
    url: `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`,
  }),
};

/** The resources of the real program, evaluated on mocks with the configuration of its stack for laptops. */
export async function galleryGraph(): Promise<Resource[]> {
  const resources: Resource[] = [];
  const { name: project, stack, config, main } = readProject(path.resolve(__dirname, "../../.."), "dev");
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs, custom }) => {
      // Never the logical name, so that a check which takes one for the other is found out.
      const physicalName = String(inputs.name ?? `${name}-1a2b3c4`);
      const state = { ...inputs, name: physicalName, ...outputs[type]?.(physicalName, inputs) };
      resources.push({
        urn: `urn:pulumi:${stack}::${project}::${type}::${name}`,
        type,
        name,
        id: physicalName,
        custom: custom ?? true,
        parent: undefined,
        dependencies: [],
        propertyDependencies: {},
        protect: false,
        inputs,
        outputs: state,
      });
      return { id: physicalName, state };
    },
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, project, stack);
  pulumi.runtime.setAllConfig({ ...config });
  await pulumi.runtime.runInPulumiStack(async () => require(main));
  await pulumi.runtime.disconnect();
  return resources;
}
