import * as pulumi from "@pulumi/pulumi";
import type { ModelSchema } from "./body-model";
import { problem } from "./problem-template";

/** Where API Gateway stores bodies by itself, and how it asks for that. */
export interface IngestTarget {
  readonly arn: pulumi.Output<string>;
  /** The one IAM action that the route's role gets, on the ARN. */
  readonly action: "sqs:SendMessage" | "kinesis:PutRecord";
  /** Address of the integration. */
  readonly uri: pulumi.Output<string>;
  /** Of the request to the store. */
  readonly contentType: string;
  /** VTL of the request to the store; `$message` is what to store, as text. */
  readonly request: pulumi.Output<string>;
  /** VTL of the answer where the store has said 400: too large, unless it says that it is busy in this way. */
  readonly refusal: string;
  /** Refuses a body that the request cannot be made of. */
  check?(name: string, model: ModelSchema): void;
}

/** A stream is to spread records by what not every body has, or what is no text. */
export class NoPartitionKey extends pulumi.RunError {}

/** Longest partition key, in characters. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
const longestPartitionKey = 256;

const tooLarge = problem(
  413,
  "Content Too Large",
  "The body is larger than what can be stored, or has characters that cannot.",
);

const unavailable = problem(
  503,
  "Service Unavailable",
  "It cannot be stored for now; try again a little later.",
);

/** The answer to whatever goes wrong in storing, which is not the client's fault and soon over. */
export const notStored = unavailable;

/** Stores each body as a message of a queue, of at most 1 MiB. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export function queueTarget({ arn }: { readonly arn: pulumi.Output<string> }): IngestTarget {
  return {
    arn,
    action: "sqs:SendMessage",
    uri: arn.apply((known) => {
      const [, partition, , region, account, name] = known.split(":");
      return `arn:${partition}:apigateway:${region}:sqs:path/${account}/${name}`;
    }),
    contentType: "application/x-www-form-urlencoded",
    request: pulumi.output("Action=SendMessage&MessageBody=$util.urlEncode($message)"),
    refusal: tooLarge,
  };
}

/**
 * Stores each body as a record of a stream.
 * @param partitionKey property of the body, a text that is always there: records of the same one keep their order.
 * @default records spread evenly
 */
export function streamTarget(
  { arn, name }: { readonly arn: pulumi.Output<string>; readonly name: pulumi.Output<string> },
  partitionKey?: string,
): IngestTarget {
  // As JSON, in its quotes: no text of the body ends the text of the request.
  const key =
    partitionKey === undefined ? '"$context.extendedRequestId"' : `$input.json('$.${partitionKey}')`;
  return {
    arn,
    action: "kinesis:PutRecord",
    uri: arn.apply((known) => {
      const [, partition, , region] = known.split(":");
      return `arn:${partition}:apigateway:${region}:kinesis:action/PutRecord`;
    }),
    contentType: "application/x-amz-json-1.1",
    request: pulumi.interpolate`{"StreamName":"${name}","PartitionKey":${key},"Data":"$util.base64Encode($message)"}`,
    refusal:
      "#if($input.json('$.__type').contains('Exceeded'))" +
      "#set($context.responseOverride.status = 503)" +
      '#set($context.responseOverride.header.Retry-After = "1")' +
      `${unavailable}#{else}${tooLarge}#end`,
    check: partitionKey === undefined ? undefined : (route, model) => checkKey(route, model, partitionKey),
  };
}

function checkKey(route: string, { properties = {}, required = [] }: ModelSchema, key: string): void {
  const property = properties[key];
  const isText = typeof property === "object" && property.type === "string";
  const isShort =
    isText && (property.pattern !== undefined || (property.maxLength ?? Infinity) <= longestPartitionKey);
  if (!/^[A-Za-z_]\w*$/.test(key) || !required.includes(key) || !isShort) {
    throw new NoPartitionKey(
      `${route}: ${key} is no partition key: it must be a required text of the body, ` +
        `of a pattern or of at most ${longestPartitionKey} characters`,
    );
  }
}
