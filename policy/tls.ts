import { documentsIn, type Statement } from "./document";

/**
 * Whether a policy denies everybody an action on each resource when it is asked for without TLS.
 *
 * @param action such as `sns:Publish`, or `s3:*` for all of them.
 * @param resources ARNs, or `<ARN>/*` for all that is below.
 */
export function deniesWithoutTls(policy: unknown, action: string, resources: readonly string[]): boolean {
  const denials = documentsIn(policy)
    .flatMap(({ statements }) => statements)
    .filter(deniesAllWithoutTls)
    // Names of actions are the same in upper and lower case.
    .filter(({ actions }) => actions.some((own) => covers(own.toLowerCase(), action.toLowerCase())));
  return resources.every((resource) =>
    denials.some((denial) => denial.resources.some((own) => covers(own, resource))),
  );
}

function deniesAllWithoutTls({ allows, negated, everybody, conditions }: Statement): boolean {
  const [condition, ...others] = conditions;
  return (
    !allows &&
    negated.length === 0 &&
    everybody &&
    // Any other condition lets requests through that do not meet it.
    others.length === 0 &&
    condition?.operator === "Bool" &&
    condition.key === "aws:securetransport" &&
    condition.values.includes("false")
  );
}

/** Whether a pattern of IAM's matches a text, of which a wildcard stands for itself. */
function covers(pattern: string, text: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
}
