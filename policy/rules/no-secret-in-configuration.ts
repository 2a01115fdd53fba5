import { stackConfiguration } from "../configuration";
import { documentation } from "../reference";
import { wholeStackRule } from "../rule";
import { secretKind } from "../secrets";

export const noSecretInConfiguration = wholeStackRule({
  name: "no-secret-in-configuration",
  description: "The stack's configuration keeps secrets encrypted.",
  severity: "critical",
  reference: documentation("https://www.pulumi.com/docs/iac/concepts/secrets/"),
  remediation:
    "Set it again with `pulumi config set --secret`, and replace the secret: the file has shown it.",
  check: (stack, report) => {
    const urn = stack.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
    const { values = new Map<string, string>(), secretKeys } = stackConfiguration() ?? {};
    for (const [key, value] of values) {
      if (secretKeys?.has(key)) continue;
      for (const leaf of leaves(key, value)) {
        const kind = secretKind(leaf.name, leaf.value);
        // The key is what an exemption of this rule names.
        if (kind) report({ name: key, ...(urn && { urn }) }, `has ${kind} in '${leaf.path}', unencrypted`);
      }
    }
  },
});

interface Leaf {
  /** The last key on the path, without the namespace. */
  readonly name: string;
  /** Such as `gallery:providers.google.clientSecret`. */
  readonly path: string;
  readonly value: string;
}

/** The strings in a configuration value, which is JSON when it is structured. */
function leaves(key: string, value: string): Leaf[] {
  const name = key.slice(key.indexOf(":") + 1);
  return /^[[{]/.test(value) ? within(name, key, structured(value)) : [{ name, path: key, value }];
}

function within(name: string, path: string, value: unknown): Leaf[] {
  if (typeof value === "string") return [{ name, path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    within(Array.isArray(value) ? name : key, `${path}.${key}`, child),
  );
}

/** A plain value may begin with a bracket too. */
function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
