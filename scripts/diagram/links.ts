import type * as aws from "@pulumi/aws";
import type { Resource } from "../../local/engine/resource";
import { patternText } from "./event-pattern";
import { inputsOf, type ResourceIndex } from "./resource-index";

/**
 * `invoke`: makes it run, or hands it something; `call`: may call its API; `failure`: what fails goes there;
 * `trust`: accepts tokens that the other issues.
 */
export type LinkKind = "invoke" | "call" | "failure" | "trust";

/** What one resource says of two others; an end is undefined when it lies outside the program. */
export interface Link {
  readonly from: Resource | undefined;
  readonly to: Resource | undefined;
  readonly kind: LinkKind;
  readonly label?: string;
  /** The caller must be signed in. */
  readonly signedIn?: boolean;
}

type Reader = (resource: Resource, index: ResourceIndex) => Link[];

const types = {
  api: "aws:apigatewayv2/api:Api",
  authorizer: "aws:apigatewayv2/authorizer:Authorizer",
  bucket: "aws:s3/bucket:Bucket",
  bus: "aws:cloudwatch/eventBus:EventBus",
  function: "aws:lambda/function:Function",
  integration: "aws:apigatewayv2/integration:Integration",
  queue: "aws:sqs/queue:Queue",
  rule: "aws:cloudwatch/eventRule:EventRule",
};

/** Pulumi type → what such a resource says of others. */
export const readers: Readonly<Record<string, Reader>> = {
  "aws:apigatewayv2/route:Route": (route, index) => {
    const { apiId, routeKey, target, authorizationType } = inputsOf<aws.apigatewayv2.RouteArgs>(route);
    const integration = index.find(types.integration, target?.replace("integrations/", ""));
    return [
      {
        from: index.find(types.api, apiId),
        to: integration && integrated(integration, index),
        kind: "invoke",
        label: routeKey,
        signedIn: authorizationType !== undefined && authorizationType !== "NONE",
      },
    ];
  },
  [types.authorizer]: (authorizer, index) => {
    const { apiId, authorizerUri } = inputsOf<aws.apigatewayv2.AuthorizerArgs>(authorizer);
    const api = index.find(types.api, apiId);
    return [
      ...index
        .behind(authorizer, "jwtConfiguration")
        .map((issuer): Link => ({ from: issuer, to: api, kind: "trust" })),
      { from: api, to: index.at(authorizerUri), kind: "invoke", label: "authorizer" },
    ];
  },
  "aws:cloudfront/distribution:Distribution": (distribution, index) =>
    index
      .behind(distribution, "origins")
      .map((origin): Link => ({ from: distribution, to: origin, kind: "invoke" })),
  "aws:cloudwatch/eventTarget:EventTarget": (target, index) => {
    const { arn, rule: name, deadLetterConfig } = inputsOf<aws.cloudwatch.EventTargetArgs>(target);
    const rule = index.find(types.rule, name);
    const to = index.at(arn);
    const { eventBusName, eventPattern, scheduleExpression } = rule
      ? inputsOf<aws.cloudwatch.EventRuleArgs>(rule)
      : {};
    return [
      {
        from: index.find(types.bus, eventBusName) ?? rule,
        to,
        kind: "invoke",
        label: scheduleExpression ?? patternText(eventPattern),
      },
      { from: to, to: index.at(deadLetterConfig?.arn), kind: "failure" },
    ];
  },
  "aws:scheduler/schedule:Schedule": (schedule, index) => {
    const { target, scheduleExpression } = inputsOf<aws.scheduler.ScheduleArgs>(schedule);
    const to = index.at(target?.arn);
    return [
      { from: schedule, to, kind: "invoke", label: scheduleExpression },
      { from: to, to: index.at(target?.deadLetterConfig?.arn), kind: "failure" },
    ];
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": (mapping, index) => {
    const { eventSourceArn, functionName, destinationConfig } =
      inputsOf<aws.lambda.EventSourceMappingArgs>(mapping);
    const to = functionOf(functionName, index);
    const from = index.at(eventSourceArn);
    return [
      { from, to, kind: "invoke", label: from?.type === types.queue ? undefined : "stream" },
      { from: to, to: index.at(destinationConfig?.onFailure?.destinationArn), kind: "failure" },
    ];
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (config, index) => {
    const { functionName, destinationConfig } = inputsOf<aws.lambda.FunctionEventInvokeConfigArgs>(config);
    const from = functionOf(functionName, index);
    return [
      { from, to: index.at(destinationConfig?.onSuccess?.destination), kind: "invoke", label: "on success" },
      { from, to: index.at(destinationConfig?.onFailure?.destination), kind: "failure" },
    ];
  },
  "aws:sns/topicSubscription:TopicSubscription": (subscription, index) => {
    const { topic, endpoint, redrivePolicy } = inputsOf<aws.sns.TopicSubscriptionArgs>(subscription);
    const from = index.at(topic);
    const to = index.at(endpoint);
    // A dead letter's own dead letters are beyond what a reader looks for.
    const isDeadLetter = to && index.ancestors(to).some(({ type }) => type.endsWith(":DeadLetterQueue"));
    return [
      { from, to, kind: "invoke" },
      { from: isDeadLetter ? undefined : to, to: deadLetterQueue(redrivePolicy, index), kind: "failure" },
    ];
  },
  [types.queue]: (queue, index) => [
    {
      from: queue,
      to: deadLetterQueue(inputsOf<aws.sqs.QueueArgs>(queue).redrivePolicy, index),
      kind: "failure",
    },
  ],
  "aws:s3/bucketNotification:BucketNotification": (notification, index) => {
    const { bucket, lambdaFunctions, queues, topics } = inputsOf<aws.s3.BucketNotificationArgs>(notification);
    const from = index.find(types.bucket, bucket);
    const link = (arn: unknown, events: readonly string[] = []): Link => ({
      from,
      to: index.at(arn),
      kind: "invoke",
      label: events.map((event) => event.replace(/^s3:|:\*$/g, "")).join(", "),
    });
    return [
      ...(lambdaFunctions ?? []).map(({ lambdaFunctionArn, events }) => link(lambdaFunctionArn, events)),
      ...(queues ?? []).map(({ queueArn, events }) => link(queueArn, events)),
      ...(topics ?? []).map(({ topicArn, events }) => link(topicArn, events)),
    ];
  },
  "aws:cognito/userPool:UserPool": (pool, index) =>
    Object.entries(inputsOf<aws.cognito.UserPoolArgs>(pool).lambdaConfig ?? {}).map(
      ([trigger, arn]): Link => ({
        from: pool,
        to: index.at(arn),
        kind: "invoke",
        label: trigger.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      }),
    ),
};

/** Who invokes a function by the function's own permission: for sources that no reader above knows. */
export function permissionLink(permission: Resource, index: ResourceIndex): Link {
  const { function: name, sourceArn } = inputsOf<aws.lambda.PermissionArgs>(permission);
  return { from: index.at(sourceArn), to: functionOf(name, index), kind: "invoke" };
}

function functionOf(reference: unknown, index: ResourceIndex): Resource | undefined {
  return index.find(types.function, reference) ?? index.at(reference);
}

/** What an integration hands requests to: a function, or a service's resource named in its parameters. */
function integrated(integration: Resource, index: ResourceIndex): Resource | undefined {
  const { integrationUri, requestParameters } = inputsOf<aws.apigatewayv2.IntegrationArgs>(integration);
  return [integrationUri, ...Object.values(requestParameters ?? {})]
    .map((address) => index.at(address))
    .find((resource) => resource !== undefined);
}

function deadLetterQueue(redrivePolicy: unknown, index: ResourceIndex): Resource | undefined {
  return typeof redrivePolicy === "string"
    ? index.at(JSON.parse(redrivePolicy).deadLetterTargetArn)
    : undefined;
}
