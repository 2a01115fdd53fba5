import type { Condition, Selection, Statement } from "./document";
import { covers, coversArn } from "./pattern";

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
  /** Names of the sources that deny it. */
  readonly denials: readonly string[];
  /** Sources that would allow it but for conditions. */
  readonly nearMisses: readonly { readonly name: string; readonly conditions: readonly Unmet[] }[];
}

/** A condition that does not hold. */
export interface Unmet {
  readonly condition: Condition;
  /** What the call has for the key; absent when the condition cannot be judged. */
  readonly actual: string | undefined;
}

/**
 * Decides as IAM does within one account: an explicit deny wins, then any allow is enough.
 * A condition that cannot be judged counts as not met: an allow under it is none, and neither is a deny.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(sources: readonly Source[], request: Request): Verdict {
  const relevant = sources
    .filter(({ statement }) => concerns(statement, request))
    .map((source) => ({ ...source, conditions: unmet(source.statement, request) }));
  const inForce = relevant.filter(({ conditions }) => conditions.length === 0);
  const denials = inForce.filter(({ statement }) => statement.effect === "Deny").map(({ name }) => name);
  const allowing = relevant.filter(({ statement }) => statement.effect === "Allow");
  const allowed = denials.length === 0 && allowing.some((source) => inForce.includes(source));
  return { allowed, denials, nearMisses: denials.length === 0 && !allowed ? allowing : [] };
}

function concerns({ actions, resources, principals }: Statement, request: Request): boolean {
  // Actions are matched without regard to case. Most are written out, and compared faster than matched.
  const action = request.action.toLowerCase();
  const named = (written: string) => {
    const pattern = written.toLowerCase();
    return pattern === action || (/[*?]/.test(pattern) && covers(pattern, action));
  };
  return (
    selects(actions, named) &&
    selects(resources, (pattern) => pattern === request.resource || coversArn(pattern, request.resource)) &&
    (principals?.some((principal) => isPrincipal(principal, request.principal)) ?? true)
  );
}

function selects({ patterns, inverted }: Selection, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== inverted;
}

/** A service may be named in one Region, such as `logs.eu-west-1.amazonaws.com`. */
function isPrincipal(principal: string, wanted: string): boolean {
  return principal === "*" || principal.replace(/\.[a-z]{2}-[a-z-]+-\d(?=\.amazonaws\.com$)/, "") === wanted;
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

function unmet({ conditions }: Statement, { context }: Request): Unmet[] {
  return conditions.flatMap((condition): Unmet[] => {
    const plain = condition.operator.replace(/IfExists$/, "");
    const compare = comparisons[positive(plain)];
    const actual = context[condition.key.toLowerCase()];
    if (!compare || actual === undefined) {
      return [{ condition, actual: undefined }];
    }
    const matched = condition.values.some((value) => compare(value, actual));
    return matched === (positive(plain) === plain) ? [] : [{ condition, actual }];
  });
}
