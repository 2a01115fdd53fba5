import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ApiGatewayLogging } from "../api-gateway-logging";
import type { ApiParts } from "./api-parts";

/** The stage's name, which is a part of the address. */
export const stageName = "main";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export interface ApiCache {
  /** Bought by the hour, used or not. */
  readonly sizeGb: "0.5" | "1.6" | "6.1" | "13.5" | "28.4" | "58.2" | "118" | "237";
}

/**
 * What an access log line tells of a request, by API Gateway's variables.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.resourcePath",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  integrationStatus: "$context.integration.status",
  integrationError: "$context.integration.error",
  validationError: "$context.error.validationErrorString",
  apiKeyId: "$context.identity.apiKeyId",
});

interface StageArgs {
  readonly restApi: aws.apigateway.RestApi;
  readonly parts: ApiParts;
  readonly cache?: ApiCache;
  readonly logging?: ApiGatewayLogging;
  readonly logRetentionDays: number;
  readonly revision: string;
}

/**
 * The one stage of an API with its logs, and the deployment it serves: a new one after each change of the API, but not
 * after a removal, since Pulumi removes what is gone after all else.
 */
export function createStage(
  name: string,
  { restApi, parts, cache, logging, logRetentionDays, revision }: StageArgs,
  opts: pulumi.CustomResourceOptions,
) {
  const retentionInDays = logRetentionDays;
  const accessLog = new aws.cloudwatch.LogGroup(
    `${name}-access`,
    { name: `/${pulumi.getProject()}/${pulumi.getStack()}/${name}-access`, retentionInDays },
    opts,
  );
  // API Gateway would make it by this name, to keep for ever.
  const executionLog = new aws.cloudwatch.LogGroup(
    `${name}-execution`,
    { name: pulumi.interpolate`API-Gateway-Execution-Logs_${restApi.id}/${stageName}`, retentionInDays },
    opts,
  );
  const picture = parts.picture();
  const made: Promise<pulumi.Resource[]> = picture.then((known) => [...known.parts]);
  const deployment = new aws.apigateway.Deployment(
    `${name}-deployment`,
    {
      restApi: restApi.id,
      triggers: { api: pulumi.output(picture).apply(({ digest }) => digest), revision },
    },
    { ...opts, dependsOn: made },
  );
  const stage = new aws.apigateway.Stage(
    `${name}-stage`,
    {
      restApi: restApi.id,
      deployment: deployment.id,
      stageName,
      xrayTracingEnabled: true,
      cacheClusterEnabled: cache !== undefined,
      cacheClusterSize: cache?.sizeGb,
      accessLogSettings: { destinationArn: accessLog.arn, format: accessLogFormat },
    },
    { ...opts, dependsOn: [executionLog, ...(logging ? [logging.nodes.account] : [])] },
  );
  return { stage, deployment, accessLog, executionLog };
}
