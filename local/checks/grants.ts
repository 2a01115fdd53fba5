import type * as aws from "@pulumi/aws";
import { isUnknown } from "@pulumi/pulumi";
import type { Properties, Resource } from "../engine/resource";
import { parseArn } from "./arn";
import { anything, type Statement, statementsOf } from "./document";
import { arnOf, type Graph } from "./graph";

/**
 * What a policy is to its holder: `role` says what the role may do, `boundary` the most it may do, `resource` who
 * may do what with a resource. A role's trust policy is its policy as a resource.
 */
export type PolicyKind = "role" | "boundary" | "resource";

/** A policy document that the graph attaches to a role or a resource. */
export interface Grant {
  readonly kind: PolicyKind;
  /** ARN of the role or resource; `*` when the plan does not know whose policy it is. */
  readonly holder: string;
  /** Logical name of the resource that brings the document. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

type GrantsOf = (resource: Resource, graph: Graph) => readonly Grant[];

const types = {
  role: "aws:iam/role:Role",
  queue: "aws:sqs/queue:Queue",
  topic: "aws:sns/topic:Topic",
  topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
};

const table: Readonly<Record<string, GrantsOf>> = {
  [types.role]: (resource, graph) => {
    const { assumeRolePolicy, inlinePolicies, managedPolicyArns, permissionsBoundary } = resource.inputs;
    const role = arnOf(resource);
    return [
      ...grant("resource", resource, role, assumeRolePolicy),
      ...list(inlinePolicies).flatMap((inline) =>
        grant("role", resource, role, isUnknown(inline) ? inline : Object(inline).policy),
      ),
      ...list(managedPolicyArns).flatMap((policy) => managed("role", resource, role, policy, graph)),
      ...list(permissionsBoundary).flatMap((policy) => managed("boundary", resource, role, policy, graph)),
    ];
  },
  "aws:iam/rolePolicy:RolePolicy": (resource, graph) =>
    grant("role", resource, holder(resource.inputs.role, types.role, graph), resource.inputs.policy),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (resource, graph) => {
    const { role, policyArn } = resource.inputs;
    return managed("role", resource, holder(role, types.role, graph), policyArn, graph);
  },
  "aws:iam/policyAttachment:PolicyAttachment": (resource, graph) =>
    list(resource.inputs.roles).flatMap((role) =>
      managed("role", resource, holder(role, types.role, graph), resource.inputs.policyArn, graph),
    ),
  "aws:lambda/permission:Permission": (resource, graph) => {
    const { function: reference } = resource.inputs;
    const functionArn = isUnknown(reference) ? "*" : arnOf(graph.findFunction(String(reference)));
    return grant("resource", resource, functionArn, permissionDocument(resource.inputs, functionArn));
  },
  [types.queue]: (resource) => grant("resource", resource, arnOf(resource), resource.inputs.policy),
  "aws:sqs/queuePolicy:QueuePolicy": (resource, graph) => {
    const { queueUrl, policy } = resource.inputs;
    return grant("resource", resource, holder(queueUrl, types.queue, graph), policy);
  },
  [types.topic]: (resource, graph) => {
    const topic = arnOf(resource);
    const replaced = graph
      .ofType<aws.sns.TopicPolicyArgs>(types.topicPolicy)
      .some(({ inputs }) => inputs.arn === topic);
    if (resource.inputs.policy !== undefined || replaced) {
      return grant("resource", resource, topic, resource.inputs.policy);
    }
    const name = `the default policy of ${resource.name}`;
    return grant("resource", { ...resource, name }, topic, defaultTopicPolicy(topic));
  },
  [types.topicPolicy]: (resource, graph) => {
    const { arn, policy } = resource.inputs;
    return grant("resource", resource, holder(arn, types.topic, graph), policy);
  },
  // A policy of the account, which speaks for all log groups that it names.
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": (resource, graph) =>
    graph
      .ofType(types.logGroup)
      .flatMap((group) => grant("resource", resource, arnOf(group), resource.inputs.policyDocument)),
};

/** The policy documents that a resource attaches to itself or to another. */
export function grantsOf(resource: Resource, graph: Graph): readonly Grant[] {
  return table[resource.type]?.(resource, graph) ?? [];
}

/** ARN of the resource referred to: `*` when the plan does not know it, undefined when it is not in the graph. */
function holder(reference: unknown, type: string, graph: Graph): string | undefined {
  return isUnknown(reference) ? "*" : arnOf(graph.find(type, reference));
}

function grant(kind: PolicyKind, { name }: Resource, holder: string | undefined, document: unknown): Grant[] {
  return holder === undefined || document === undefined
    ? []
    : [{ kind, holder, name, statements: statementsOf(document) }];
}

function managed(
  kind: PolicyKind,
  attachment: Resource,
  holder: string | undefined,
  policyArn: unknown,
  graph: Graph,
): Grant[] {
  const policy = typeof policyArn === "string" ? graph.withArn(policyArn) : undefined;
  if (policy) {
    return grant(kind, policy, holder, policy.inputs.policy);
  }
  // What a policy from outside the graph says, such as AWS's own, is not known here.
  return holder === undefined ? [] : [{ kind, holder, name: attachment.name, statements: [anything] }];
}

/**
 * The statement that Lambda makes of a permission.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
function permissionDocument(permission: Properties, functionArn: string | undefined): object {
  const { action, principal, sourceArn, sourceAccount, principalOrgId } = permission;
  const { eventSourceToken, functionUrlAuthType } = permission;
  const qualifier = permission.qualifier ?? parseArn(String(permission.function))?.resource.split(":")[2];
  const qualified = qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`;
  return {
    Statement: {
      Effect: "Allow",
      Principal: principal,
      Action: action,
      Resource: functionArn === "*" || isUnknown(qualifier) ? "*" : qualified,
      Condition: {
        ArnLike: { "AWS:SourceArn": sourceArn },
        StringEquals: {
          "AWS:SourceAccount": sourceAccount,
          "aws:PrincipalOrgID": principalOrgId,
          "lambda:EventSourceToken": eventSourceToken,
          "lambda:FunctionUrlAuthType": functionUrlAuthType,
        },
      },
    },
  };
}

/**
 * The policy of a topic that was given none: whoever acts for the account that owns it may use it.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
function defaultTopicPolicy(topicArn: string | undefined): object {
  const owner = parseArn(topicArn ?? "")?.account;
  return {
    Statement: {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "sns:*",
      Resource: topicArn,
      Condition: { StringEquals: { "AWS:SourceOwner": owner } },
    },
  };
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
