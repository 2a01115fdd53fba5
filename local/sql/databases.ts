import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import * as path from "node:path";
import { AddressServer } from "./address-server";
import type { Cluster } from "./cluster";
import { DataApi, type Database } from "./data-api";
import { Failure } from "./failure";
import { PgliteServer } from "./pglite-server";
import { Sessions } from "./sessions";
import { Transactions } from "./transactions";

/** What the local cloud's databases are and where. */
export interface SqlOptions {
  /** Folder that has nothing but the data. */
  readonly dataDir: string;
  /** Whether data outlives the local cloud. */
  readonly keep: boolean;
  /** File that gets what goes wrong in databases. */
  readonly log: string;
  /** A PostgreSQL server that takes the place of all: `postgres://user:password@host/database`. */
  readonly address?: string | undefined;
}

/** A cluster as the plan of its database needs it. */
export type ClusterToStart = Pick<Cluster, "resourceId" | "user">;

/** The databases of clusters, by their resource id; each runs from when it is first asked for. */
export class Databases {
  readonly api = new DataApi((cluster) => this.start(cluster));
  readonly #running = new Map<string, Database>();
  #hasStopped = false;

  constructor(private readonly options: SqlOptions) {
    if (!options.keep) {
      // A start that was killed may have left something.
      rmSync(options.dataDir, { recursive: true, force: true });
    }
  }

  /**
   * The cluster's database, which begins to start in the background unless it runs.
   * @throws Failure once they are stopped.
   */
  start({ resourceId, user }: ClusterToStart): Database {
    const running = this.#running.get(resourceId);
    if (running) {
      return running;
    }
    if (this.#hasStopped) {
      throw new Failure("ServiceUnavailableError", "The local cloud is stopping.", 503);
    }
    const { address, keep, log } = this.options;
    const server =
      address === undefined
        ? new PgliteServer({ dataDir: this.#folder(resourceId), keep, log, user })
        : new AddressServer(address);
    const database = { sessions: new Sessions(server), transactions: new Transactions() };
    this.#running.set(resourceId, database);
    database.sessions.take().then(
      (session) => session.release(),
      // The first call hears why it cannot be had.
      () => {},
    );
    return database;
  }

  /** Rolls back what is not committed and ends all databases. */
  async stop(): Promise<void> {
    this.#hasStopped = true;
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map(end));
  }

  /** Ends the database of a cluster that is deleted, and removes its data. */
  async drop(resourceId: string): Promise<void> {
    const database = this.#running.get(resourceId);
    this.#running.delete(resourceId);
    if (database) {
      await end(database);
      await rm(this.#folder(resourceId), { recursive: true, force: true });
    }
  }

  #folder(resourceId: string): string {
    return path.join(this.options.dataDir, resourceId);
  }
}

async function end({ sessions, transactions }: Database): Promise<void> {
  transactions.stop();
  await sessions.stop();
}
