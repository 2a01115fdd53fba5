const wildcard = /[*?]/;

/** Services whose ARN begins its last part with the resource's own name: a bucket, an API, a queue, a topic. */
const nameFirst = new Set(["s3", "execute-api", "sqs", "sns"]);

/**
 * Whether an ARN pattern names one resource: wildcards stand only for what is below it, such as the objects of a
 * bucket, the indexes of a table or the streams of a log group.
 */
export function namesOneResource(pattern: string): boolean {
  const [arn, partition, service = "", region = "", account = "", ...rest] = pattern.split(":");
  if (arn !== "arn" || rest.length === 0) return false;
  // Lambda@Edge logs in the Region nearest to the viewer, so its log group cannot name one.
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
  const fixed = [partition, service, account, service === "logs" ? "" : region];
  if (fixed.some((part) => part && wildcard.test(part))) return false;

  const resource = rest.join(":");
  const at = resource.search(wildcard);
  if (at < 0) return resource !== "";
  const literal = resource.slice(0, at);
  // The name of a log group has slashes of its own; only a colon ends it.
  if (!(service === "logs" ? /:$/ : /[:/]$/).test(literal)) return false;
  const segments = literal.split(/[:/]/).filter((segment) => segment !== "");
  return segments.length >= (nameFirst.has(service) ? 1 : 2);
}
