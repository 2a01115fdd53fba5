import { known, unknown } from "./known";

/** A statement of an IAM policy document, its lists always lists. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What NotResource names, when the statement is about all the rest. */
  readonly otherResources: readonly string[];
  /** Allows everything but some actions or resources. */
  readonly negated: readonly ("NotAction" | "NotResource")[];
  /** Whether it is about whoever asks. */
  readonly everybody: boolean;
  /** All of them hold when the statement counts. */
  readonly conditions: readonly Condition[];
}

/** A condition of a statement: one of the values is the request's. */
export interface Condition {
  /** Such as `Bool`. */
  readonly operator: string;
  /** In lower case: IAM does not tell `aws:SecureTransport` from `aws:securetransport`. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A policy document among a resource's properties. */
export interface Document {
  /** Property path, such as `inlinePolicies.0.policy`. */
  readonly path: string;
  readonly statements: readonly Statement[];
}

/** The policy documents anywhere in a resource's properties, written as JSON text or as an object. */
export function documentsIn(value: unknown, path = ""): Document[] {
  if (typeof value === "string") {
    // Most strings are no documents: parse only what can be one.
    return value.includes('"Statement"') ? documentsIn(parsed(value), path) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  if ("Statement" in value) return [{ path, statements: list(value.Statement).map(statement) }];
  return Object.keys(value).flatMap((key) => {
    const child = known(() => Reflect.get(value, key));
    return child === unknown ? [] : documentsIn(child, path ? `${path}.${key}` : key);
  });
}

/** The services a role's trust policy lets assume it, such as `lambda.amazonaws.com`. */
export function trustedServices(trustPolicy: unknown): string[] {
  const document = typeof trustPolicy === "string" ? parsed(trustPolicy) : trustPolicy;
  return list(Object(document).Statement).flatMap((statement) =>
    strings(Object(Object(statement).Principal).Service),
  );
}

function statement(value: unknown): Statement {
  const { Effect, Principal, Action, Resource, NotAction, NotResource, Condition } = Object(value);
  return {
    allows: Effect === "Allow",
    actions: strings(Action),
    resources: strings(Resource),
    otherResources: strings(NotResource),
    negated: [
      ...(NotAction === undefined ? [] : (["NotAction"] as const)),
      ...(NotResource === undefined ? [] : (["NotResource"] as const)),
    ],
    everybody: strings(Principal).includes("*") || strings(Object(Principal).AWS).includes("*"),
    conditions: Object.entries(Object(Condition)).flatMap(([operator, keys]) =>
      Object.entries(Object(keys)).map(([key, values]) => ({
        operator,
        key: key.toLowerCase(),
        values: list(values).map(String),
      })),
    ),
  };
}

/** What a JSON text says; not JSON is undefined: AWS refuses it. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const strings = (value: unknown) => list(value).filter((item) => typeof item === "string");
