import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { known } from "../known";
import { documentation } from "../reference";
import { resourceRule } from "../rule";
import { secretKind } from "../secrets";

export const noSecretInEnvironment = resourceRule({
  name: "no-secret-in-environment",
  description:
    "Environment variables of functions hold no secrets: whoever may read the function reads them.",
  severity: "critical",
  reference: documentation("https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"),
  remediation:
    "Keep it in Secrets Manager or as a SecureString parameter, pass the name or ARN, and read it in the handler.",
  type: LambdaFunction,
  check: ({ environment }, report) => {
    const variables = environment?.variables ?? {};
    for (const name of Object.keys(variables)) {
      const value = known(() => variables[name]);
      const kind = typeof value === "string" ? secretKind(name, value) : undefined;
      if (kind) report(`has ${kind} in the environment variable '${name}'`);
    }
  },
});
