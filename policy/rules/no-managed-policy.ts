import { PolicyAttachment } from "@pulumi/aws/iam/policyAttachment";
import type { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { RolePolicyAttachmentsExclusive } from "@pulumi/aws/iam/rolePolicyAttachmentsExclusive";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import type { PolicyResource } from "@pulumi/policy";
import { roleOf } from "../function";
import { known, unknown } from "../known";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { type Found, ofType, refersTo } from "../stack";

export const noManagedPolicy = stackRule({
  name: "no-managed-policy",
  description: "The role of a function has no managed policy.",
  severity: "medium",
  reference: cdkNag("AwsSolutions", "IAM4"),
  remediation: "Allow the function what it calls in an inline policy of its role.",
  type: LambdaFunction,
  check: (found, stack, report) => {
    const role = roleOf(found, stack);
    if (!role) return;
    const own = known(() => role.props.managedPolicyArns);
    if (own !== unknown && own?.length > 0) {
      report(`runs as role '${role.resource.name}', whose managedPolicyArns are not empty`);
    }
    for (const { name } of attachments(stack, role)) {
      report(`runs as role '${role.resource.name}', to which '${name}' attaches a managed policy`);
    }
  },
});

/** The resources which attach managed policies to a role. */
function attachments(stack: readonly PolicyResource[], role: Found<Role>): PolicyResource[] {
  const single = ofType(stack, RolePolicyAttachment).filter((attachment) =>
    refersTo(attachment, "role", () => attachment.props.role, role, stack),
  );
  const shared = ofType(stack, PolicyAttachment).filter((attachment) => {
    const roles = known(() => attachment.props.roles?.length);
    const count = roles === unknown ? 1 : (roles ?? 0);
    return Array.from({ length: count }).some((_, i) =>
      refersTo(attachment, "roles", () => attachment.props.roles?.[i], role, stack),
    );
  });
  const exclusive = ofType(stack, RolePolicyAttachmentsExclusive).filter(
    (attachment) =>
      // An empty list forbids what this rule forbids.
      known(() => attachment.props.policyArns.length) !== 0 &&
      refersTo(attachment, "roleName", () => attachment.props.roleName, role, stack),
  );
  return [...single, ...shared, ...exclusive].map(({ resource }) => resource);
}
