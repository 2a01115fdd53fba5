import * as crypto from "node:crypto";
import type { SqlClient } from "./sdk/rds-data";
import { sql, written } from "./sdk/sql/statement";

/** One step of a database's schema. Steps only go forward: a mistake is mended by a further one. */
export interface Migration {
  /** What it does, in a few words. */
  readonly name: string;
  /** Run in turn in one transaction, so that none of them has its effect unless all have; each within 45 s, the Data API's limit. */
  readonly statements: readonly string[];
}

/** How far a database's schema is. */
export interface Migrated {
  /** How many migrations the database has. */
  readonly version: number;
  /** Names of those it has got now. */
  readonly applied: readonly string[];
}

/** Any number that nobody else locks. */
const firstRun = 7_462_537;

const checksumOf = ({ name, statements }: Migration) =>
  crypto
    .createHash("sha256")
    .update(JSON.stringify([name, ...statements]))
    .digest("hex");

/**
 * Brings a database's schema up to the last of the migrations. However often it runs, and by however many hands at once,
 * each has its effect once; a database with one that has been changed since, or with more than these, is left as it is.
 */
export const migrate =
  (database: SqlClient, migrations: readonly Migration[]) => async (): Promise<Migrated> => {
    await database.Transaction(async ({ Execute }) => {
      // Two that make it at once would be in each other's way, whatever IF NOT EXISTS says.
      await Execute(sql`SELECT pg_advisory_xact_lock(${firstRun})`);
      await Execute(sql`
      CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`);
    });
    const known = await database.Query(
      sql<{ version: number; name: string; checksum: string }>`
      SELECT version, name, checksum FROM schema_migrations ORDER BY version`,
    );
    for (const { version, name, checksum } of known) {
      const migration = migrations[version - 1];
      if (migration === undefined || checksumOf(migration) !== checksum) {
        const problem = migration === undefined ? "is not in the program" : "was changed in the program";
        throw new Error(
          `The database has migration ${version} (${name}), which ${problem} since. Migrations only go forward: ` +
            "take the change back, and add a migration after the last.",
        );
      }
    }
    const applied: string[] = [];
    for (const [index, migration] of migrations.entries()) {
      const version = index + 1;
      const isNew = await database.Transaction(async ({ Query, Execute }) => {
        // Whoever else migrates waits here until this one is done.
        await Execute(sql`LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE`);
        const done = await Query(sql`SELECT version FROM schema_migrations WHERE version = ${version}`);
        if (done.length > 0) {
          return false;
        }
        for (const statement of migration.statements) {
          await Execute(written(statement));
        }
        await Execute(sql`
        INSERT INTO schema_migrations (version, name, checksum)
        VALUES (${version}, ${migration.name}, ${checksumOf(migration)})`);
        return true;
      });
      if (isNew) {
        applied.push(migration.name);
      }
    }
    return { version: migrations.length, applied };
  };
