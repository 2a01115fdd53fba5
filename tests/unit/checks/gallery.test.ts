import { checkGraph } from "../../../local/checks";
import type { Resource } from "../../../local/engine/resource";
import { galleryGraph } from "./gallery-graph";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string;
}

/** One thing that the graph needs, taken away. */
interface Mutation {
  readonly without: string;
  readonly changed: Resource;
  /** What the resource becomes; absent, it goes. */
  readonly into?: Resource;
  /** What the finding must speak of. */
  readonly problem: RegExp;
}

const callbacksActions = new Set([
  "elasticache:Connect",
  "events:PutEvents",
  "execute-api:ManageConnections",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "ses:SendEmail",
  "sqs:ChangeMessageVisibility",
  "ssm:GetParameter",
  "states:SendTaskSuccess",
  "states:StartExecution",
]);
const callbacksServices = new Set(["cognito-idp", "rds-data", "s3", "secretsmanager"]);

/** What callbacks call themselves: no service does it in the name of their function. */
function isCallbacksOwn({ Action, Resource }: Statement): boolean {
  return [Action].flat().every((action) => {
    const [service = ""] = action.split(":");
    const ofTable = service === "dynamodb" && !Resource?.includes("/stream/");
    const ofTopic = action === "sns:Publish" && !Resource?.includes("-failed");
    return ofTable || ofTopic || callbacksServices.has(service) || callbacksActions.has(action);
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

const roleName = (roleArn: unknown) => String(roleArn).split("/").at(-1);

function withInputs(changed: Resource, inputs: Resource["inputs"]): Resource {
  return { ...changed, inputs: { ...changed.inputs, ...inputs } };
}

function permissionMutations(): Mutation[] {
  return ofType("aws:lambda/permission:Permission").flatMap((permission) => {
    const { name, inputs } = permission;
    const problem = RegExp(
      `^Function ${logicalName(inputs.function)} may not be invoked by ${inputs.principal},`,
    );
    return [
      { without: name, changed: permission, problem },
      {
        without: `the source of ${name}`,
        changed: permission,
        into: withInputs(permission, { sourceArn: `${inputs.sourceArn}-other` }),
        problem,
      },
      {
        without: `the principal of ${name}`,
        changed: permission,
        into: withInputs(permission, { principal: "iot.amazonaws.com" }),
        problem,
      },
    ];
  });
}

/** One for each statement, and one for each of its actions where there are several. */
function statementMutations(): Mutation[] {
  const roles = new Set(ofType("aws:lambda/function:Function").map(({ inputs }) => roleName(inputs.role)));
  return ofType("aws:iam/rolePolicy:RolePolicy").flatMap((policy) => {
    const { Statement: statements }: { Statement: Statement[] } = JSON.parse(String(policy.inputs.policy));
    const isFunctions = roles.has(String(policy.inputs.role));
    return statements
      .filter(({ Effect }) => Effect === "Allow")
      .filter((statement) => !isFunctions || !isCallbacksOwn(statement))
      .flatMap((statement) => {
        const actions = [statement.Action].flat();
        const dropping = (dropped: readonly string[]): Mutation => {
          const rest = { ...statement, Action: actions.filter((action) => !dropped.includes(action)) };
          const Statement = statements.map((each) => (each === statement ? rest : each));
          return {
            without: `${dropped.join(" and ")} in ${policy.name}`,
            changed: policy,
            into: withInputs(policy, { policy: JSON.stringify({ Statement }) }),
            problem: RegExp(
              `^Role ${logicalName(policy.inputs.role)} does not allow (${dropped.join("|")}|, | and ){${2 * dropped.length - 1}} on `,
            ),
          };
        };
        return [dropping(actions), ...(actions.length > 1 ? actions.map((each) => dropping([each])) : [])];
      });
  });
}

function trustMutations(): Mutation[] {
  return ofType("aws:iam/role:Role").map((role) => ({
    without: `the trust of ${role.name}`,
    changed: role,
    into: withInputs(role, { assumeRolePolicy: JSON.stringify({ Statement: [] }) }),
    problem: RegExp(`^Role ${role.name} may not be taken by `),
  }));
}

function queuePolicyMutations(): Mutation[] {
  // One that only denies lets nobody send.
  const letting = ofType("aws:sqs/queuePolicy:QueuePolicy").filter(({ inputs }) => {
    const { Statement: statements }: { Statement: Statement[] } = JSON.parse(String(inputs.policy));
    return statements.some(({ Effect }) => Effect === "Allow");
  });
  return letting.map((policy) => {
    const queue = graph.find(({ outputs }) => outputs.url === policy.inputs.queueUrl);
    return {
      without: policy.name,
      changed: policy,
      problem: RegExp(`^Queue ${queue?.name} does not accept sqs:SendMessage from `),
    };
  });
}

/**
 * The mutations in waves, each to be checked as one graph: one alone could not be judged where another changes the
 * same resource, or where the same words would tell of either.
 */
function wavesOf(mutations: readonly Mutation[]): Mutation[][] {
  const waves: Mutation[][] = [];
  for (const mutation of mutations) {
    const isApart = ({ changed, problem }: Mutation) =>
      changed !== mutation.changed && problem.source !== mutation.problem.source;
    const wave = waves.find((others) => others.every(isApart));
    if (wave) {
      wave.push(mutation);
    } else {
      waves.push([mutation]);
    }
  }
  return waves;
}

function graphAfter(wave: readonly Mutation[]): Resource[] {
  const mutations = new Map(wave.map((mutation) => [mutation.changed, mutation]));
  return graph.flatMap((resource) => {
    const mutation = mutations.get(resource);
    return mutation ? (mutation.into ?? []) : resource;
  });
}

test("the program lacks nothing", () => {
  expect(checkGraph(graph)).toEqual([]);
});

test.each([
  ["permissions, their sources and principals", permissionMutations],
  ["statements and single actions of role policies", statementMutations],
  ["trust policies", trustMutations],
  ["queue policies", queuePolicyMutations],
])("it lacks exactly what is taken from its %s", (_, mutationsOf) => {
  const mutations = mutationsOf();

  const wrong = wavesOf(mutations).flatMap((wave) => {
    const findings = checkGraph(graphAfter(wave));
    const unnoticed = wave.filter(
      ({ problem }) => !findings.some((finding) => problem.test(finding.problem)),
    );
    const strange = findings.filter((finding) => !wave.some(({ problem }) => problem.test(finding.problem)));
    return [...unnoticed.map(({ without }) => `unnoticed: without ${without}`), ...strange];
  });

  expect(mutations).not.toHaveLength(0);
  expect(wrong).toEqual([]);
});
