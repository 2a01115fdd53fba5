import { openLeaves } from "../configuration";
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
    for (const { key, name, path, value } of openLeaves()) {
      const kind = secretKind(name, value);
      // The key is what an exemption of this rule names.
      if (kind) report({ name: key, ...(urn && { urn }) }, `has ${kind} in '${path}', unencrypted`);
    }
  },
});
