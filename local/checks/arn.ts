/** The six parts of an Amazon Resource Name. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  /** Service prefix such as `lambda`. */
  readonly service: string;
  /** Empty for what is in no Region, such as a role. */
  readonly region: string;
  /** Empty for what is named without an account, such as a bucket. */
  readonly account: string;
  /** All that follows the account, colons included. */
  readonly resource: string;
}

/** The parts of an ARN, or undefined for any other text. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...rest] = text.split(":");
  if (arn !== "arn" || !partition || !service || region === undefined || account === undefined) {
    return undefined;
  }
  return rest.length === 0 ? undefined : { partition, service, region, account, resource: rest.join(":") };
}

/** The same partition, Region and account as `near`, another service and resource. */
export function arnNear(near: string, service: string, resource: string): string | undefined {
  const arn = parseArn(near);
  return arn && `arn:${arn.partition}:${service}:${arn.region}:${arn.account}:${resource}`;
}

/**
 * The function ARN in a function's ARN or in an API's address of it, which wraps it as
 * `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations`.
 */
export function functionArnIn(text: string): string | undefined {
  const arn = /functions\/(arn:.+)\/invocations$/.exec(text)?.[1] ?? text;
  return parseArn(arn)?.service === "lambda" ? arn : undefined;
}

/** A function's ARN without the version or alias that may follow the name. */
export function unqualified(functionArn: string): string {
  return functionArn.split(":").slice(0, 7).join(":");
}
