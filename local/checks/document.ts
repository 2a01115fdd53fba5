import { containsUnknowns, isUnknown } from "@pulumi/pulumi";
import { parsed } from "./json";

/** A statement of an IAM policy document, its lists always lists. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Selection;
  readonly resources: Selection;
  /** Services, ARNs or accounts; absent in a role's policy, which speaks of the role alone. */
  readonly principals?: readonly string[];
  readonly conditions: readonly Condition[];
}

/** What the patterns name or, in `NotAction` and `NotResource`, everything else. */
export interface Selection {
  readonly patterns: readonly string[];
  readonly inverted: boolean;
}

export interface Condition {
  /** Such as `ArnLike` or `StringEqualsIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What a document may say that the plan does not know. */
export const anything: Statement = {
  effect: "Allow",
  actions: { patterns: ["*"], inverted: false },
  resources: { patterns: ["*"], inverted: false },
  conditions: [],
};

/**
 * The statements of a policy document, given as JSON text or as an object; text that is no JSON has none.
 * What the plan does not know counts in favour: it may allow anything, and denies nothing.
 */
export function statementsOf(document: unknown): readonly Statement[] {
  const { Statement } = Object(typeof document === "string" ? parsed(document) : document);
  if (isUnknown(document) || isUnknown(Statement)) {
    return [anything];
  }
  return list(Statement)
    .filter((statement) => Object(statement).Effect !== "Deny" || !containsUnknowns(statement))
    .map((statement) => (isUnknown(statement) ? anything : statementOf(Object(statement))));
}

function statementOf(statement: Readonly<Record<string, unknown>>): Statement {
  const { Effect, Principal, Condition } = statement;
  return {
    effect: Effect === "Deny" ? "Deny" : "Allow",
    actions: selection(statement, "Action"),
    // The policy of a resource may leave out what it is about.
    resources: selection({ ...statement, Resource: statement.Resource ?? "*" }, "Resource"),
    principals: Principal === undefined ? undefined : principalsOf(Principal),
    conditions: known(Condition).flatMap(([operator, keys]) =>
      known(keys).map(([key, values]) => ({ operator, key, values: texts(values) })),
    ),
  };
}

function selection(statement: Readonly<Record<string, unknown>>, element: "Action" | "Resource"): Selection {
  const inverse = statement[`Not${element}`];
  return inverse === undefined
    ? { patterns: texts(statement[element]), inverted: false }
    : { patterns: texts(inverse), inverted: true };
}

function principalsOf(principal: unknown): string[] {
  return typeof principal === "string" || isUnknown(principal)
    ? texts(principal)
    : Object.values(Object(principal)).flatMap(texts);
}

/** The entries of a part of a condition; one whose value the plan does not know may hold. */
function known(part: unknown): [string, unknown][] {
  return isUnknown(part)
    ? []
    : Object.entries(Object(part)).filter(
        ([, value]) => value !== undefined && !list(value).some((item) => isUnknown(item)),
      );
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const texts = (value: unknown) => list(value).map((item) => (isUnknown(item) ? "*" : String(item)));
