import * as path from "node:path";
import type { Resource } from "../local/engine/resource";
import { type Project, readProject } from "../local/project";
import { resourcesOf } from "../scripts/diagram/resources";

const root = path.resolve(__dirname, "..");

/** A Lambda function as a program would upload it. */
export interface DeployedFunction {
  readonly name: string;
  /** A Pulumi archive. */
  readonly code: unknown;
  readonly inlinePolicies: number;
  readonly managedPolicies: number;
}

/** The functions of Gallery. */
export function galleryFunctions(): Promise<readonly DeployedFunction[]> {
  return functionsOf(readProject(root, "dev"));
}

/** The functions of `bench/stock/index.ts`: Gallery's callbacks deployed with `aws.lambda.CallbackFunction`. */
export function stockFunctions(): Promise<readonly DeployedFunction[]> {
  return functionsOf({ ...readProject(root, "dev"), main: path.join(__dirname, "stock/index.ts") });
}

async function functionsOf(project: Project): Promise<readonly DeployedFunction[]> {
  const resources = await resourcesOf(project);
  const attached = (type: string, { inputs: { role } }: Resource) =>
    resources.filter((other) => other.type === type && String(role).endsWith(`/${other.inputs.role}`)).length;
  return resources
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map((resource) => ({
      name: resource.name,
      code: resource.inputs.code,
      inlinePolicies: attached("aws:iam/rolePolicy:RolePolicy", resource),
      managedPolicies: attached("aws:iam/rolePolicyAttachment:RolePolicyAttachment", resource),
    }));
}
