import type { Resource } from "../../local/engine/resource";
import { icons } from "./icons";
import type { ResourceIndex } from "./resource-index";

/** How a type of resource is drawn. */
export interface Kind {
  /** What a reader calls it, such as `DynamoDB table`. */
  readonly label: string;
  readonly colour: string;
  /** SVG path data in a square of 20, stroked. */
  readonly icon: string;
  /** Drawn around all groups, since all of them use it. */
  readonly rail?: boolean;
  /** What it hands on, such as routes, is written on the nodes it invokes instead of along the edges. */
  readonly labelsAtTarget?: boolean;
}

const compute = "#c2570c";
const messaging = "#be185d";
const storage = "#3f7d20";
const database = "#2f55d4";
const network = "#6d3fc0";
const identity = "#b4232c";

const lambda: Kind = { label: "Lambda function", colour: compute, icon: icons.lambda };
const cluster: Kind = { label: "Aurora cluster", colour: database, icon: icons.cylinder };
const cache: Kind = { label: "ElastiCache", colour: database, icon: icons.bolt };

/** Pulumi type → how it is drawn. Types that are not here are folded into edges or left out. */
const kinds: Readonly<Record<string, Kind>> = {
  "aws:lambda/function:Function": lambda,
  "aws:lambda/callbackFunction:CallbackFunction": lambda,
  "aws:apigatewayv2/api:Api": {
    label: "HTTP API",
    colour: network,
    icon: icons.api,
    labelsAtTarget: true,
  },
  "aws:cloudfront/distribution:Distribution": { label: "CloudFront", colour: network, icon: icons.globe },
  "aws:dynamodb/table:Table": { label: "DynamoDB table", colour: database, icon: icons.table },
  "aws:rds/cluster:Cluster": cluster,
  "aws:elasticache/serverlessCache:ServerlessCache": cache,
  "aws:elasticache/replicationGroup:ReplicationGroup": cache,
  "aws:s3/bucket:Bucket": { label: "S3 bucket", colour: storage, icon: icons.bucket },
  "aws:sqs/queue:Queue": { label: "SQS queue", colour: messaging, icon: icons.queue },
  "aws:sns/topic:Topic": { label: "SNS topic", colour: messaging, icon: icons.topic },
  "aws:cloudwatch/eventBus:EventBus": {
    label: "EventBridge bus",
    colour: messaging,
    icon: icons.bus,
    rail: true,
  },
  "aws:scheduler/schedule:Schedule": { label: "Schedule", colour: messaging, icon: icons.clock },
  "aws:sfn/stateMachine:StateMachine": { label: "Step Functions", colour: messaging, icon: icons.states },
  "aws:sesv2/emailIdentity:EmailIdentity": { label: "SES sender", colour: messaging, icon: icons.mail },
  "aws:secretsmanager/secret:Secret": {
    label: "Secrets Manager",
    colour: identity,
    icon: icons.padlock,
  },
  "aws:kms/key:Key": { label: "KMS key", colour: identity, icon: icons.key },
  "aws:cognito/userPool:UserPool": { label: "Cognito user pool", colour: identity, icon: icons.person },
};

/** Stands for a bus that another program, or AWS, has made. */
const foreignRule: Kind = { label: "EventBridge rule", colour: messaging, icon: icons.bus };

/** How a resource is drawn; undefined when it is not. */
export function kindOf({ type, inputs }: Resource, index: ResourceIndex): Kind | undefined {
  if (type === "aws:cloudwatch/eventRule:EventRule") {
    const bus = index.find("aws:cloudwatch/eventBus:EventBus", inputs.eventBusName);
    return bus ? undefined : foreignRule;
  }
  const kind = kinds[type];
  return kind && inputs.protocolType === "WEBSOCKET" ? { ...kind, label: "WebSocket API" } : kind;
}
