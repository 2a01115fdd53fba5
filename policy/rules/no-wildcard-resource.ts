import { GroupPolicy } from "@pulumi/aws/iam/groupPolicy";
import { Policy } from "@pulumi/aws/iam/policy";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy";
import { namesOneResource } from "../arn";
import { documentsIn } from "../document";
import { cdkNag } from "../reference";
import { anyResourceRule } from "../rule";

/** Actions that AWS takes only with `*`: it has no resource level for them, or makes the resource itself. */
const withoutResource = new Set([
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
]);

/** Where the resource is the policy's own, as for a queue or a role's trust, `*` means that one. */
const identityPolicies = [RolePolicy, Policy, Role, UserPolicy, GroupPolicy];

export const noWildcardResource = anyResourceRule({
  name: "no-wildcard-resource",
  description: "What an identity may do, it may do to named resources.",
  severity: "high",
  reference: cdkNag("AwsSolutions", "IAM5"),
  remediation: "Name the resource by its ARN; a wildcard may stand only for what is below it.",
  check: ({ props, isType }, report) => {
    if (!identityPolicies.some((type) => isType<InstanceType<typeof type>>(type))) return;
    for (const { path, statements } of documentsIn(props)) {
      for (const { allows, actions, resources, negated } of statements) {
        if (!allows) continue;
        const restricted = actions.filter((action) => !withoutResource.has(action));
        if (restricted.length === 0) continue;
        for (const resource of resources.filter((pattern) => !namesOneResource(pattern))) {
          report(`allows ${restricted.join(", ")} on '${resource}' in '${path}'`);
        }
        if (negated.includes("NotResource")) {
          report(`allows ${restricted.join(", ")} on all resources but some, by NotResource in '${path}'`);
        }
      }
    }
  },
});
