import { Parameter } from "@pulumi/aws/ssm/parameter";
import { openLeaves } from "../configuration";
import { isCustomerKey } from "../key";
import { known, unknown } from "../known";
import { documentation } from "../reference";
import { anyResourceRule } from "../rule";
import { isSecretName, secretKind } from "../secrets";

export const parameterSecureString = anyResourceRule({
  name: "parameter-secure-string",
  description: "Parameters keep secrets encrypted, with a key of the customer's.",
  severity: "high",
  reference: documentation(
    "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html",
  ),
  remediation:
    'Set type to "SecureString" and keyId to the ARN of an aws.kms.Key, and take the value from nowhere it can be read.',
  check: ({ name: logicalName, asType }, report) => {
    const parameter = asType(Parameter);
    if (!parameter) return;
    const { type, keyId } = parameter;
    // Pulumi ends a name that it makes itself with random letters, which hide what the name is about.
    const names = [logicalName, textOf(() => parameter.name) ?? logicalName];
    const value = textOf(() => parameter.insecureValue ?? parameter.value);
    const kind =
      value === undefined
        ? names.some(isSecretName) && "a secret, by its name,"
        : names.map((name) => secretKind(name, value)).find((found) => found !== undefined);
    if (type !== "SecureString") {
      if (kind) report(`keeps ${kind} as a ${type}`);
      return;
    }
    if (!isCustomerKey(keyId)) report("is encrypted with the key that AWS made for the whole account");
    const shown = value ? openLeaves().find((leaf) => leaf.value === value) : undefined;
    if (shown) report(`has its value from '${shown.path}', which the stack's file shows`);
  },
});

function textOf(read: () => string | undefined): string | undefined {
  const value = known(read);
  return value === unknown ? undefined : value;
}
