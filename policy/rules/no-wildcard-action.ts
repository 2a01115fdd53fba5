import { Permission } from "@pulumi/aws/lambda/permission";
import { documentsIn } from "../document";
import { cdkNag } from "../reference";
import { anyResourceRule } from "../rule";

/** A key is lost when its policy leaves nobody `kms:*`, so the policy AWS gives a key by default has it. */
const accountOwned = "aws:kms/";

export const noWildcardAction = anyResourceRule({
  name: "no-wildcard-action",
  description: "Policies allow actions by name.",
  severity: "high",
  reference: cdkNag("AwsSolutions", "IAM5"),
  remediation: "Name each action that the code calls.",
  check: ({ type, props, asType }, report) => {
    if (!type.startsWith("aws:") || type.startsWith(accountOwned)) return;
    for (const { path, statements } of documentsIn(props)) {
      for (const { allows, actions, negated } of statements) {
        if (!allows) continue;
        for (const action of actions.filter(isWildcard)) report(`allows '${action}' in '${path}'`);
        if (negated.includes("NotAction")) report(`allows all actions but some, by NotAction in '${path}'`);
      }
    }
    const action = asType(Permission)?.action;
    if (action && isWildcard(action)) report(`allows '${action}'`);
  },
});

const isWildcard = (action: string) => /[*?]/.test(action);
