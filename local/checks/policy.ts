import { isUnknown } from "@pulumi/pulumi";
import { covers, coversArn } from "./pattern";

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
interface Selection {
  readonly patterns: readonly string[];
  readonly inverted: boolean;
}

interface Condition {
  /** Such as `ArnLike` or `StringEqualsIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A call to be allowed or not. `*` in the resource or in a value of the context means: whatever it may be. */
export interface Request {
  readonly action: string;
  /** ARN, or `*` for an action that has no resources. */
  readonly resource: string;
  /** Service such as `events.amazonaws.com`, or ARN of a role. */
  readonly principal: string;
  /** Condition key in lower case → value; conditions on other keys cannot be judged. */
  readonly context: Readonly<Record<string, string>>;
}

/** A statement and where it stands. */
export interface Source {
  /** Logical name of the resource the statement is part of. */
  readonly name: string;
  readonly statement: Statement;
}

export interface Verdict {
  readonly allowed: boolean;
  /** What stands in the way: statements that deny, or that would allow but for a condition. */
  readonly obstacles: readonly string[];
}

/** What a document may say that the plan does not know. */
export const anything: Statement = {
  effect: "Allow",
  actions: { patterns: ["*"], inverted: false },
  resources: { patterns: ["*"], inverted: false },
  conditions: [],
};

/** The statements of a policy document, given as JSON text or as an object; text that is no JSON has none. */
export function statementsOf(document: unknown): readonly Statement[] {
  if (isUnknown(document)) {
    return [anything];
  }
  const { Statement } = Object(typeof document === "string" ? parse(document) : document);
  return list(Statement).map((statement) =>
    isUnknown(statement) ? anything : statementOf(Object(statement)),
  );
}

/**
 * Decides as IAM does within one account: an explicit deny wins, then any allow is enough.
 * A condition that cannot be judged counts as not met: an allow under it is none, and neither is a deny.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(sources: readonly Source[], request: Request): Verdict {
  const relevant = sources
    .filter(({ statement }) => concerns(statement, request))
    .map((source) => ({ ...source, unmet: unmetConditions(source.statement, request) }));
  const inForce = relevant.filter(({ unmet }) => unmet.length === 0);
  const denying = inForce.filter(({ statement }) => statement.effect === "Deny");
  if (denying.length > 0) {
    return { allowed: false, obstacles: denying.map(({ name }) => `${name} denies it`) };
  }
  const allows = ({ statement }: Source) => statement.effect === "Allow";
  return {
    allowed: inForce.some(allows),
    obstacles: relevant.filter(allows).map(({ name, unmet }) => `${name} allows it only ${unmet.join(" and ")}`),
  };
}

function concerns({ actions, resources, principals }: Statement, request: Request): boolean {
  // Actions are matched without regard to case.
  const named = (pattern: string) => covers(pattern.toLowerCase(), request.action.toLowerCase());
  return (
    selects(actions, named) &&
    selects(resources, (pattern) => coversArn(pattern, request.resource)) &&
    (principals?.some((principal) => isPrincipal(principal, request.principal)) ?? true)
  );
}

function selects({ patterns, inverted }: Selection, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== inverted;
}

/** A service may be named in one Region, such as `logs.eu-west-1.amazonaws.com`. */
function isPrincipal(principal: string, wanted: string): boolean {
  return (
    principal === "*" || principal.replace(/\.[a-z]{2}-[a-z-]+-\d(?=\.amazonaws\.com$)/, "") === wanted
  );
}

/** Compares a condition's value with the call's. */
type Comparison = (value: string, actual: string) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  ArnEquals: coversArn,
  ArnLike: coversArn,
  Bool: (value, actual) => value.toLowerCase() === actual,
  StringEquals: (value, actual) => value === actual,
  StringEqualsIgnoreCase: (value, actual) => value.toLowerCase() === actual.toLowerCase(),
  StringLike: covers,
};

/** `ArnNotLike` → `ArnLike` */
const positive = (operator: string) => operator.replace(/^(Arn|String)Not/, "$1");

function unmetConditions({ conditions }: Statement, { context }: Request): string[] {
  return conditions.flatMap(({ operator, key, values }) => {
    const actual = context[key.toLowerCase()];
    const plain = operator.replace(/IfExists$/, "");
    const compare = comparisons[positive(plain)];
    const text = `with ${operator} ${key} = ${values.join(" or ")}`;
    if (!compare || actual === undefined) {
      return [`${text}, which cannot be judged here`];
    }
    const matched = values.some((value) => compare(value, actual));
    return matched === (positive(plain) === plain) ? [] : [`${text}, and here it is ${actual}`];
  });
}

function statementOf(statement: Readonly<Record<string, unknown>>): Statement {
  const { Effect, Principal, Condition } = statement;
  return {
    effect: Effect === "Deny" ? "Deny" : "Allow",
    actions: selection(statement, "Action"),
    // The policy of a resource may leave out what it is about.
    resources: selection({ Resource: "*", ...statement }, "Resource"),
    principals: Principal === undefined ? undefined : principalsOf(Principal),
    conditions: Object.entries(Object(Condition)).flatMap(([operator, keys]) =>
      Object.entries(Object(keys))
        .filter(([, values]) => values !== undefined && !list(values).some(isUnknown))
        .map(([key, values]) => ({ operator, key, values: texts(values) })),
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** What a plan cannot know may be anything. */
const texts = (value: unknown) => list(value).map((item) => (isUnknown(item) ? "*" : String(item)));
