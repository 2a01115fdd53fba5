import type { PolicyConfigSchema } from "@pulumi/policy";

const minReasonLength = 10;

/**
 * Configuration of every rule: the resources it does not judge, by logical name or URN, each with the reason.
 *
 * @example { "function-tracing": { "exempt": { "photo-page": "runs at the edge, where X-Ray is not offered" } } }
 */
export interface ExemptionConfig {
  readonly exempt?: Readonly<Record<string, string>>;
}

export const exemptionSchema: PolicyConfigSchema = {
  properties: {
    exempt: {
      description: "Logical name or URN of a resource this rule does not judge, to the reason why.",
      type: "object",
      additionalProperties: { type: "string", minLength: minReasonLength },
    },
  },
};

/** Whether the configuration excuses one of these names, with a reason of at least ten characters. */
export function isExempt(names: readonly string[], { exempt = {} }: ExemptionConfig): boolean {
  return names.some((name) => (exempt[name]?.trim().length ?? 0) >= minReasonLength);
}
