/** How a service is reached from inside a network without the internet. */
interface Endpoint {
  /** What the service's IAM actions begin with. */
  readonly prefix: string;
  /** Last part of the endpoint's service name. */
  readonly serviceName: string;
  /** A gateway is a route and costs nothing; an interface has an address in each zone, paid by the hour. */
  readonly type: "Gateway" | "Interface";
}

const byInterface = (prefix: string, serviceName = prefix): Endpoint => ({
  prefix,
  serviceName,
  type: "Interface",
});
const byGateway = (prefix: string): Endpoint => ({ prefix, serviceName: prefix, type: "Gateway" });

/**
 * Services that can have an endpoint here; all of them take endpoint policies. API Gateway is left out on purpose: its
 * endpoint leads to private APIs alone, and by its private DNS hides all public ones, as those of WebSockets are.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 * @see https://repost.aws/knowledge-center/api-gateway-vpc-connections
 */
export const endpoints = {
  dynamodb: byGateway("dynamodb"),
  events: byInterface("events"),
  kinesis: byInterface("kinesis", "kinesis-streams"),
  kms: byInterface("kms"),
  lambda: byInterface("lambda"),
  "rds-data": byInterface("rds-data"),
  s3: byGateway("s3"),
  secretsmanager: byInterface("secretsmanager"),
  sns: byInterface("sns"),
  sqs: byInterface("sqs"),
  ssm: byInterface("ssm"),
  states: byInterface("states"),
} as const satisfies Readonly<Record<string, Endpoint>>;

/** A service that functions of a network can reach by an endpoint there. */
export type EndpointService = keyof typeof endpoints;

const services = Object.keys(endpoints) as EndpointService[];

/** What an IAM action begins with: `sqs` of `sqs:SendMessage`. */
export const prefixOf = (action: string): string => action.split(":")[0] ?? "";

/** The service that an IAM action is one of, if it can have an endpoint. */
export function serviceOf(action: string): EndpointService | undefined {
  return services.find((service) => endpoints[service].prefix === prefixOf(action));
}
