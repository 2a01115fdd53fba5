import { checkGraph } from "../../../local/checks";
import type { Resource } from "../../../local/engine/resource";
import { galleryGraph } from "./gallery-graph";

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: string;
}

/** The graph without one thing that it needs. */
interface Mutant {
  readonly without: string;
  readonly graph: readonly Resource[];
  /** What the finding must speak of. */
  readonly problem: RegExp;
}

const callbacksActions = new Set([
  "events:PutEvents",
  "execute-api:ManageConnections",
  "sqs:ChangeMessageVisibility",
]);

/** What callbacks call themselves: no service does it in their name. */
function isCallbacksOwn({ Action, Resource }: Statement): boolean {
  return [Action].flat().every((action) => {
    const ofTable = action.startsWith("dynamodb:") && !Resource?.includes("/stream/");
    const ofTopic = action === "sns:Publish" && !Resource?.includes("-failed");
    return ofTable || ofTopic || action.startsWith("s3:") || callbacksActions.has(action);
  });
}

let graph: Resource[];

beforeAll(async () => {
  graph = await galleryGraph();
});

function ofType(type: string): Resource[] {
  return graph.filter((resource) => resource.type === type);
}

/** Logical name of the resource with a physical name. */
function logicalName(physicalName: unknown): string | undefined {
  return graph.find(({ outputs }) => outputs.name === physicalName)?.name;
}

function without(removed: Resource): Resource[] {
  return graph.filter((resource) => resource !== removed);
}

function withInputs(changed: Resource, inputs: Resource["inputs"]): Resource[] {
  return graph.map((resource) =>
    resource === changed ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource,
  );
}

function permissionMutants(): Mutant[] {
  return ofType("aws:lambda/permission:Permission").flatMap((permission) => {
    const { name, inputs } = permission;
    const problem = RegExp(
      `^Function ${logicalName(inputs.function)} may not be invoked by ${inputs.principal},`,
    );
    return [
      { without: name, graph: without(permission), problem },
      {
        without: `the source of ${name}`,
        graph: withInputs(permission, { sourceArn: `${inputs.sourceArn}-other` }),
        problem,
      },
      {
        without: `the principal of ${name}`,
        graph: withInputs(permission, { principal: "iot.amazonaws.com" }),
        problem,
      },
    ];
  });
}

/** One mutant for each statement, and one for each action of it. */
function statementMutants(): Mutant[] {
  return ofType("aws:iam/rolePolicy:RolePolicy").flatMap((policy) => {
    const { Statement: statements }: { Statement: Statement[] } = JSON.parse(String(policy.inputs.policy));
    return statements
      .filter((statement) => !isCallbacksOwn(statement))
      .flatMap((statement) => {
        const actions = [statement.Action].flat();
        const dropping = (dropped: readonly string[]): Mutant => {
          const rest = { ...statement, Action: actions.filter((action) => !dropped.includes(action)) };
          const Statement = statements.map((each) => (each === statement ? rest : each));
          return {
            without: `${dropped.join(" and ")} in ${policy.name}`,
            graph: withInputs(policy, { policy: JSON.stringify({ Statement }) }),
            problem: RegExp(
              `^Role ${logicalName(policy.inputs.role)} does not allow (${dropped.join("|")}|, | and ){${2 * dropped.length - 1}} on `,
            ),
          };
        };
        return [dropping(actions), ...actions.map((action) => dropping([action]))];
      });
  });
}

function trustMutants(): Mutant[] {
  return ofType("aws:iam/role:Role").map((role) => ({
    without: `the trust of ${role.name}`,
    graph: withInputs(role, { assumeRolePolicy: JSON.stringify({ Statement: [] }) }),
    problem: RegExp(`^Role ${role.name} may not be taken by `),
  }));
}

function queuePolicyMutants(): Mutant[] {
  return ofType("aws:sqs/queuePolicy:QueuePolicy").map((policy) => ({
    without: policy.name,
    graph: without(policy),
    problem: /^Queue \S+ does not accept sqs:SendMessage from /,
  }));
}

test("the program lacks nothing", () => {
  expect(checkGraph(graph)).toEqual([]);
});

test.each([
  ["permissions, their sources and principals", permissionMutants],
  ["statements and single actions of role policies", statementMutants],
  ["trust policies", trustMutants],
  ["queue policies", queuePolicyMutants],
])("it lacks exactly what is taken from its %s", (_, mutantsOf) => {
  const mutants = mutantsOf();

  const wrong = mutants.flatMap(({ without: removed, graph: mutant, problem }) => {
    const findings = checkGraph(mutant);
    const exact = findings.length > 0 && findings.every((finding) => problem.test(finding.problem));
    return exact ? [] : [{ removed, findings }];
  });

  expect(mutants).not.toHaveLength(0);
  expect(wrong).toEqual([]);
});
