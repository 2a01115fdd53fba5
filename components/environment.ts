import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./sdk/bind";

/** Names that Lambda keeps for itself. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reserved = new Set([
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_MAX_CONCURRENCY",
  "AWS_LAMBDA_METADATA_API",
  "AWS_LAMBDA_METADATA_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

/** A function's environment variable has a name that Lambda refuses, or would hold one of two values. */
export class InvalidEnvironment extends pulumi.RunError {}

type Variables = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * The environment of a function: what its bound clients read, and its own. Two clients may share a variable only
 * where it holds the very same output, such as a table and its index.
 */
export function environmentOf(
  functionName: string,
  grants: readonly Pick<Grant, "owner" | "environment">[],
  own: Variables = {},
): Variables {
  const owners = new Map<string, string>();
  const variables: Record<string, pulumi.Input<string>> = {};
  for (const { owner, environment } of [...grants, { owner: "its `environment`", environment: own }]) {
    for (const [variable, value] of Object.entries<pulumi.Input<string>>(environment)) {
      const other = owners.get(variable);
      if (other !== undefined && variables[variable] !== value) {
        throw new InvalidEnvironment(
          `${functionName}: the environment variable ${variable} is wanted by ${other} and by ${owner}, which ` +
            "give it different values; rename one of the two: a resource's variables begin with its name",
        );
      }
      checkName(functionName, variable, owner);
      owners.set(variable, owner);
      variables[variable] = value;
    }
  }
  return variables;
}

function checkName(functionName: string, variable: string, owner: string): void {
  const problem = reserved.has(variable)
    ? "which Lambda sets itself; choose another name"
    : "which is no name that Lambda takes: a letter comes first, then one or more letters, digits or _";
  if (reserved.has(variable) || !/^[A-Za-z]\w+$/.test(variable)) {
    throw new InvalidEnvironment(
      `${functionName}: the environment variable ${variable} of ${owner} has a name ${problem}`,
    );
  }
}
