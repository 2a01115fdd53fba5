import { Role } from "@pulumi/aws/iam/role";
import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import type { PolicyResource } from "@pulumi/policy";
import { trustedServices } from "./document";
import { known, unknown } from "./known";
import { type Found, ofType, referred } from "./stack";

/** The role a function runs as, when it is of the program. */
export function roleOf(
  found: Found<LambdaFunction>,
  stack: readonly PolicyResource[],
): Found<Role> | undefined {
  return referred(found, "role", () => found.props.role, ofType(stack, Role));
}

/**
 * Whether a function runs at CloudFront's edge, where it has no tracing, no log group of its own choice and no
 * dead-letter queue. Its role must let `edgelambda.amazonaws.com` assume it.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
export function runsAtEdge(found: Found<LambdaFunction>, stack: readonly PolicyResource[]): boolean {
  const role = roleOf(found, stack);
  if (!role) return false;
  const trust = known(() => role.props.assumeRolePolicy);
  return trust !== unknown && trustedServices(trust).includes("edgelambda.amazonaws.com");
}
