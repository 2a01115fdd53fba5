import { GroupPolicy } from "@pulumi/aws/iam/groupPolicy";
import { Policy } from "@pulumi/aws/iam/policy";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy";
import { namesOneResource } from "../arn";
import { documentsIn, type Statement } from "../document";
import { cdkNag } from "../reference";
import { anyResourceRule } from "../rule";

/** Actions that AWS takes only with `*`: it has no resource level for them, or makes the resource itself. */
const withoutResource = new Set([
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
  "secretsmanager:GetRandomPassword",
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
      for (const statement of statements) {
        const { allows, actions, resources, negated } = statement;
        if (!allows) continue;
        const textsOnly = keepsFromTopics(statement, statements);
        const restricted = actions.filter(
          (action) => !withoutResource.has(action) && !(textsOnly && isPublish(action)),
        );
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

/** IAM does not tell upper from lower case in an action. */
const isPublish = (action: string) => action.toLowerCase() === "sns:publish";

/** All topics, and all devices that get push notifications. */
const topics = /^arn:(?:\*|aws[\w-]*):sns:\*:\*:\*$/;

/**
 * Whether what a statement allows of SNS is to send text messages. A phone number has no ARN, so who may send to one
 * may publish to everything, but for the topics: by NotResource, or because another statement denies it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html#amazonsns-resources-for-iam-policies
 */
function keepsFromTopics({ resources, otherResources }: Statement, all: readonly Statement[]): boolean {
  if (otherResources.length > 0) return otherResources.some((pattern) => topics.test(pattern));
  return (
    resources.every((pattern) => pattern === "*") &&
    all.some(
      (denial) =>
        !denial.allows &&
        denial.negated.length === 0 &&
        // Under a condition, other requests are not denied.
        denial.conditions.length === 0 &&
        denial.actions.some(isPublish) &&
        denial.resources.some((pattern) => topics.test(pattern)),
    )
  );
}
