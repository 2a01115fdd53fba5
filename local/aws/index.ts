import type { AnyResourceHandler, ServiceTable } from "../engine/resource";
import { apigateway } from "./apigateway";
import { apigatewayv2 } from "./apigatewayv2";
import { cloudwatch } from "./cloudwatch";
import { cognito } from "./cognito";
import { dynamodb } from "./dynamodb";
import { ec2 } from "./ec2";
import { elasticache } from "./elasticache";
import { events } from "./events";
import { iam } from "./iam";
import { kinesis } from "./kinesis";
import { kms } from "./kms";
import { lambda } from "./lambda";
import { lambdaRun } from "./lambda-run";
import { logs } from "./logs";
import { rds } from "./rds";
import { s3 } from "./s3";
import { scheduler } from "./scheduler";
import { secretsmanager } from "./secretsmanager";
import { sesv2 } from "./sesv2";
import { sfn } from "./sfn";
import { sns } from "./sns";
import { sqs } from "./sqs";
import { ssm } from "./ssm";

const services: ServiceTable = {
  ...apigateway,
  ...apigatewayv2,
  ...cloudwatch,
  ...cognito,
  ...dynamodb,
  ...ec2,
  ...elasticache,
  ...events,
  ...iam,
  ...kinesis,
  ...kms,
  ...lambda,
  ...lambdaRun,
  ...logs,
  ...rds,
  ...s3,
  ...scheduler,
  ...secretsmanager,
  ...sesv2,
  ...sfn,
  ...sns,
  ...sqs,
  ...ssm,
};

/** Adds the outputs that the provider has for every resource. */
function withCommonOutputs(handler: AnyResourceHandler): AnyResourceHandler {
  return {
    ...handler,
    outputs: (id, inputs, place) => ({
      region: place.region,
      ...(inputs.tags === undefined ? {} : { tagsAll: inputs.tags }),
      ...handler.outputs(id, inputs, place),
    }),
  };
}

const handlers = new Map(
  Object.entries(services).map(([type, handler]) => [type, withCommonOutputs(handler)]),
);

/** A resource type that the local cloud does not know yet. */
export class UnmappedResourceType extends Error {
  constructor(type: string) {
    const advice = type.startsWith("aws:")
      ? `Add one to ${fileOf(type)}.`
      : "It has resources of the aws package only.";
    super(`The local cloud has no handler for ${type}. ${advice}`);
    this.name = "UnmappedResourceType";
  }
}

/** The file for a type: one an AWS service, of which Pulumi's `cloudwatch` module holds three. */
function fileOf(type: string): string {
  const [, module = "", name = ""] = /^[^:]*:([^/:]*)\/?([^:]*)/.exec(type) ?? [];
  if (module !== "cloudwatch") return `local/aws/${module}.ts`;
  if (name.startsWith("event")) return "local/aws/events.ts";
  return name.startsWith("log") ? "local/aws/logs.ts" : "local/aws/cloudwatch.ts";
}

/**
 * The handler of a Pulumi resource type such as `aws:sqs/queue:Queue`.
 * @throws UnmappedResourceType
 */
export function handlerOf(type: string): AnyResourceHandler {
  const handler = handlers.get(type);
  if (!handler) throw new UnmappedResourceType(type);
  return handler;
}
