import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Project } from "../../local/project";
import { clientConfig, type Whereabouts } from "../cloud";

/** Whose secrets, and where. */
export type Owner = Pick<Project, "name" | "stack" | "region">;

/** Where a stack's secrets are: those that others give us, and those that we make. */
export interface Stores {
  readonly owner: Owner;
  /** What further commands need to come to the same ones. */
  readonly options: string;
  readonly parameters: SSMClient;
  readonly secretsManager: SecretsManagerClient;
}

export function connect({ name, stack, region }: Owner, whereabouts: Whereabouts): Stores {
  const config = { region, ...clientConfig(whereabouts) };
  return {
    owner: { name, stack, region },
    options: `--stack ${stack}${whereabouts.local ? ` --local --state ${whereabouts.state}` : ""}`,
    parameters: new SSMClient(config),
    secretsManager: new SecretsManagerClient(config),
  };
}
