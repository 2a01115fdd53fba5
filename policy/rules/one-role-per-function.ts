import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import type { PolicyResource } from "@pulumi/policy";
import { roleOf } from "../function";
import { known, unknown } from "../known";
import { documentation } from "../reference";
import { stackRule } from "../rule";
import { type Found, ofType } from "../stack";

export const oneRolePerFunction = stackRule({
  name: "one-role-per-function",
  description: "No two functions share a role.",
  severity: "high",
  reference: documentation(
    "https://serverlessland.com/content/service/lambda/guides/aws-lambda-operator-guide/specialized-all-purpose",
  ),
  remediation: "Give each function a role of its own, which allows what that function calls.",
  type: LambdaFunction,
  check: (found, stack, report) => {
    const role = roleIdentity(found, stack);
    if (role === undefined) return;
    const others = ofType(stack, LambdaFunction).filter(
      (other) => other.resource !== found.resource && roleIdentity(other, stack) === role,
    );
    if (others.length > 0) {
      report(`shares its role with ${others.map(({ resource }) => `'${resource.name}'`).join(", ")}`);
    }
  },
});

/** The role's URN, or its ARN when it is not of the program; undefined while neither is known. */
function roleIdentity(found: Found<LambdaFunction>, stack: readonly PolicyResource[]): string | undefined {
  const role = roleOf(found, stack);
  if (role) return role.resource.urn;
  const arn = known(() => found.props.role);
  return arn === unknown ? undefined : arn;
}
