import * as z from "zod";
import { Failure } from "./failure";
import type { Target } from "./request";

const description = z.object({
  cluster: z
    .object({
      id: z.string(),
      /** As no other cluster ever has it. */
      resourceId: z.string(),
      engine: z.string(),
      database: z.string(),
      user: z.string(),
      httpEndpoint: z.boolean(),
      instances: z.number(),
    })
    .optional(),
  secret: z.object({ user: z.string().nullable(), opens: z.boolean() }).optional(),
});

/** What the emulator knows of the cluster and the secret of a call, once it has authorised it. */
export type Description = z.infer<typeof description>;
export type Cluster = NonNullable<Description["cluster"]>;

export function parseDescription(text: string): Description {
  return description.parse(JSON.parse(text));
}

/**
 * The cluster that a call means, when the call may open its database.
 * @throws Failure
 */
export function opened({ cluster, secret }: Description, target: Target): Cluster {
  const { resourceArn, secretArn } = target;
  if (!cluster?.httpEndpoint) {
    const name = cluster?.id ?? resourceArn;
    throw new Failure("HttpEndpointNotEnabledException", `HttpEndpoint is not enabled for cluster ${name}`);
  }
  if (cluster.engine !== "aurora-postgresql") {
    throw new Failure(
      "InvalidResourceStateException",
      `The local cloud has Aurora PostgreSQL only: ${cluster.id} is of engine ${cluster.engine}.`,
    );
  }
  if (cluster.instances === 0) {
    throw new Failure(
      "DatabaseNotFoundException",
      `DB cluster ${cluster.id} doesn't have a DB instance`,
      404,
    );
  }
  if (!secret) {
    throw new Failure(
      "SecretsErrorException",
      `Secrets Manager can't find the specified secret: ${secretArn}`,
    );
  }
  if (secret.user === null) {
    throw new Failure("InvalidSecretException", `Secret ${secretArn} has no "username" and "password"`);
  }
  if (!secret.opens) {
    throw refused(`FATAL: password authentication failed for user "${secret.user}"; SQLState: 28P01`);
  }
  return cluster;
}

/**
 * The database that a call means: without a name the one that is named like the user, as PostgreSQL has it.
 * @throws Failure for any but the cluster's own; the local cloud has no other, not even `postgres`.
 */
export function databaseOf({ database: own, user }: Cluster, { database = user }: Target): string {
  if (database === own) {
    return own;
  }
  const hint = `; Hint: The local cloud has no database but "${own}" in this cluster.`;
  throw refused(`FATAL: database "${database}" does not exist${hint}; SQLState: 3D000`);
}

const refused = (message: string) => new Failure("DatabaseErrorException", message);
