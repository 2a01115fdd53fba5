import type * as aws from "@pulumi/aws";
import type { Resource } from "../../local/engine/resource";
import type { Link } from "./links";
import { inputsOf, type ResourceIndex } from "./resource-index";

const roleType = "aws:iam/role:Role";

/** What a service does in a function's name to bring it its events. */
const readsForFunction =
  /^(dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)|sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|ChangeMessageVisibility))$/;

/** What carries out an invocation, or brings what failed to its queue. */
const hands = /^(lambda:InvokeFunction|sqs:SendMessage|sns:Publish|states:StartExecution)$/;

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Who may call what by the policies of their roles, without the rights that only carry out `known` links. */
export function grants(index: ResourceIndex, known: readonly Link[]): Link[] {
  return index.resources
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .flatMap((resource) => {
      const { role: reference, policy } = inputsOf<aws.iam.RolePolicyArgs>(resource);
      const role = index.find(roleType, reference);
      const callers = role ? index.resources.filter((candidate) => hasRole(candidate, role)) : [];
      return callers.flatMap((from) =>
        statementsOf(policy).flatMap((statement) =>
          [statement.Resource].flat().flatMap((arn) => {
            const to = index.at(arn);
            return [statement.Action].flat().flatMap((action) => grant(from, to, action, known));
          }),
        ),
      );
    });
}

function grant(from: Resource, to: Resource | undefined, action: string, known: readonly Link[]): Link[] {
  const isKnown = (source: Resource | undefined, target: Resource | undefined) =>
    known.some((link) => link.from === source && link.to === target && link.kind !== "call");
  if ((readsForFunction.test(action) && isKnown(to, from)) || (hands.test(action) && isKnown(from, to))) {
    return [];
  }
  return action === "lambda:InvokeFunction"
    ? [{ from, to, kind: "invoke" }]
    : [{ from, to, kind: "call", label: action.replace(/^[^:]*:/, "") }];
}

/** Whether the resource acts with the role: a function's `role`, a state machine's `roleArn`, a schedule's target. */
function hasRole({ inputs, type }: Resource, role: Resource): boolean {
  const { role: own, roleArn, target } = inputs;
  const ofTarget = typeof target === "object" && target !== null && "roleArn" in target && target.roleArn;
  return type !== role.type && [own, roleArn, ofTarget].includes(role.outputs.arn);
}

function statementsOf(policy: unknown): Statement[] {
  const document = typeof policy === "string" ? JSON.parse(policy) : policy;
  return [document?.Statement ?? []].flat().filter(({ Effect }: Statement) => Effect === "Allow");
}
