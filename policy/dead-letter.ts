import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig";
import { Schedule } from "@pulumi/aws/scheduler/schedule";
import { Topic } from "@pulumi/aws/sns/topic";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import { Queue } from "@pulumi/aws/sqs/queue";
import { RedrivePolicy } from "@pulumi/aws/sqs/redrivePolicy";
import type { PolicyResource } from "@pulumi/policy";
import type { Resource } from "@pulumi/pulumi";
import type { ResolvedResource } from "@pulumi/pulumi/queryable";
import { parsed } from "./document";
import { known } from "./known";
import { type Found, ofType, type ResourceClass, referred, refersTo } from "./stack";

/** What puts into a queue, by itself or through a topic, the messages that it could not process or deliver. */
export function deadLetterSource(
  queue: Found<Queue>,
  stack: readonly PolicyResource[],
): PolicyResource | undefined {
  const [direct] = sources(queue, stack);
  if (direct) return direct;
  const topics = ofType(stack, Topic);
  for (const subscription of ofType(stack, TopicSubscription)) {
    const { props } = subscription;
    if (known(() => props.protocol) !== "sqs") continue;
    if (!refersTo(subscription, "endpoint", () => props.endpoint, queue, stack)) continue;
    const topic = referred(subscription, "topic", () => props.topic, topics);
    const [source] = topic ? sources(topic, stack) : [];
    if (source) return source;
  }
  return undefined;
}

/** All that names the queue or topic as its dead-letter target or destination of failures. */
function sources(target: Found<Queue> | Found<Topic>, stack: readonly PolicyResource[]): PolicyResource[] {
  return [
    ...naming(Queue, "redrivePolicy", ({ redrivePolicy }) => targetOf(redrivePolicy)),
    ...naming(RedrivePolicy, "redrivePolicy", ({ redrivePolicy }) => targetOf(redrivePolicy)),
    ...naming(TopicSubscription, "redrivePolicy", ({ redrivePolicy }) => targetOf(redrivePolicy)),
    ...naming(EventTarget, "deadLetterConfig", ({ deadLetterConfig }) => deadLetterConfig?.arn),
    ...naming(Schedule, "target", ({ target }) => target.deadLetterConfig?.arn),
    ...naming(LambdaFunction, "deadLetterConfig", ({ deadLetterConfig }) => deadLetterConfig?.targetArn),
    ...naming(
      FunctionEventInvokeConfig,
      "destinationConfig",
      ({ destinationConfig }) => destinationConfig?.onFailure?.destination,
    ),
    ...naming(
      EventSourceMapping,
      "destinationConfig",
      ({ destinationConfig }) => destinationConfig?.onFailure?.destinationArn,
    ),
  ];

  function naming<R extends Resource, Args>(
    type: ResourceClass<R, Args>,
    property: string,
    arn: (props: ResolvedResource<R>) => unknown,
  ): PolicyResource[] {
    return ofType(stack, type)
      .filter((found) => refersTo(found, property, () => arn(found.props), target, stack))
      .map(({ resource }) => resource);
  }
}

const targetOf = (redrivePolicy: string | undefined): unknown =>
  Object(parsed(redrivePolicy ?? "")).deadLetterTargetArn;
