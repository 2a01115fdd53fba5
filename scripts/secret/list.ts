import { paginateListSecrets } from "@aws-sdk/client-secrets-manager";
import { paginateDescribeParameters } from "@aws-sdk/client-ssm";
import type { Stores } from "./stores";

/** A secret without its value. */
export interface Listed {
  readonly name: string;
  readonly store: "Parameter Store" | "Secrets Manager";
  /** Undefined before the first value. */
  readonly version: string | undefined;
  readonly changedAt: Date | undefined;
}

/** The stack's secrets of both stores, by name. */
export async function listSecrets(stores: Stores): Promise<Listed[]> {
  const [given, made] = await Promise.all([givenSecrets(stores), madeSecrets(stores)]);
  return [...given, ...made].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function givenSecrets({ owner, parameters: client }: Stores): Promise<Listed[]> {
  const path = `/${owner.name}/${owner.stack}/`;
  const found: Listed[] = [];
  const ParameterFilters = [
    { Key: "Path", Option: "Recursive", Values: [path.slice(0, -1)] },
    { Key: "Type", Values: ["SecureString"] },
  ];
  for await (const { Parameters = [] } of paginateDescribeParameters({ client }, { ParameterFilters })) {
    for (const { Name = "", Version, LastModifiedDate } of Parameters) {
      found.push({
        name: Name.slice(path.length),
        store: "Parameter Store",
        version: Version?.toString(),
        changedAt: LastModifiedDate,
      });
    }
  }
  return found;
}

async function madeSecrets({ owner, secretsManager: client }: Stores): Promise<Listed[]> {
  const path = `${owner.name}/${owner.stack}/`;
  const found: Listed[] = [];
  const Filters = [{ Key: "name" as const, Values: [path] }];
  for await (const { SecretList = [] } of paginateListSecrets({ client }, { Filters })) {
    for (const { Name = "", SecretVersionsToStages = {}, LastChangedDate } of SecretList) {
      const [current] =
        Object.entries(SecretVersionsToStages).find(([, stages]) => stages.includes("AWSCURRENT")) ?? [];
      found.push({
        name: Name.slice(path.length),
        store: "Secrets Manager",
        version: current,
        changedAt: LastChangedDate,
      });
    }
  }
  return found;
}
