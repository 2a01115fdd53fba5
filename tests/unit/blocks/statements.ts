import { only, type Registered } from "../program";

export interface WrittenStatement {
  readonly Action: readonly string[];
  readonly Resource?: string;
  readonly NotResource?: string;
  readonly Condition?: object;
}

/** The statements of a function's role policy, without those that every function has. */
export function statementsOf(graph: { resources: Registered[] }, functionName: string): WrittenStatement[] {
  const { inputs } = only(graph, "aws:iam/rolePolicy:RolePolicy", `${functionName}-policy`);
  const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: WrittenStatement[] };
  return Statement.filter(({ Action }) => !Action.some((action) => /^(logs|xray):/.test(action)));
}
