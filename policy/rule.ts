import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Resource, Unwrap } from "@pulumi/pulumi";
import { type ExemptionConfig, exemptionSchema, isExempt } from "./exemption";
import { known } from "./known";
import type { Reference } from "./reference";
import { type Found, ofType, type ResourceClass } from "./stack";

/** What every rule says of itself. */
interface Rule {
  /** Kebab case, as in the file's name. */
  readonly name: string;
  /** What holds when the rule is kept. */
  readonly description: string;
  readonly severity: Severity;
  readonly reference: Reference;
  /** How to keep it; ends every message. */
  readonly remediation: string;
}

/** Reports what is wrong, as the rest of a sentence which begins with the resource's name. */
export type Report = (problem: string) => void;

/** What a message is about. */
interface Subject {
  readonly name: string;
  readonly urn?: string;
}

/** A rule which one resource alone keeps or breaks; it also stops an update before the resource is made. */
export function resourceRule<R extends Resource, Args>(
  rule: Rule & {
    readonly type: ResourceClass<R, Args>;
    readonly check: (resource: Unwrap<NonNullable<Args>>, report: Report) => void;
  },
): ResourceValidationPolicy {
  return anyResourceRule({
    ...rule,
    check: ({ asType }, report) => {
      const resource = asType(rule.type);
      if (resource) rule.check(resource, report);
    },
  });
}

/** A rule for resources of more than one type. */
export function anyResourceRule(
  rule: Rule & {
    readonly check: (args: ResourceValidationArgs, report: Report) => void;
  },
): ResourceValidationPolicy {
  return {
    ...metadata(rule),
    validateResource: (args, reportViolation) => {
      const report = reporter(rule, args.getConfig<ExemptionConfig>(), reportViolation);
      known(() => rule.check(args, (problem) => report(args, problem)));
    },
  };
}

/** A rule about each resource of a type which only the whole stack shows to be kept. */
export function stackRule<R extends Resource, Args>(
  rule: Rule & {
    readonly type: ResourceClass<R, Args>;
    readonly check: (found: Found<R>, stack: readonly PolicyResource[], report: Report) => void;
  },
): StackValidationPolicy {
  return wholeStackRule({
    ...rule,
    check: (stack, report) => {
      for (const found of ofType(stack, rule.type)) {
        known(() => rule.check(found, stack, (problem) => report(found.resource, problem)));
      }
    },
  });
}

/** A rule about the stack as a whole. */
export function wholeStackRule(
  rule: Rule & {
    readonly check: (
      stack: readonly PolicyResource[],
      report: (subject: Subject, problem: string) => void,
    ) => void;
  },
): StackValidationPolicy {
  return {
    ...metadata(rule),
    validateStack: ({ resources, getConfig }, reportViolation) =>
      rule.check(resources, reporter(rule, getConfig<ExemptionConfig>(), reportViolation)),
  };
}

function metadata({ name, description, severity, reference, remediation }: Rule) {
  return {
    name,
    description,
    severity,
    enforcementLevel: "mandatory",
    configSchema: exemptionSchema,
    remediationSteps: remediation,
    ...reference,
  } as const;
}

function reporter(
  rule: Rule,
  config: ExemptionConfig,
  reportViolation: (message: string, urn?: string) => void,
) {
  return ({ name, urn }: Subject, problem: string) => {
    if (isExempt(urn ? [name, urn] : [name], config)) return;
    reportViolation(`'${name}' ${problem}. ${rule.remediation}`, urn);
  };
}
