import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ClientConfig, escapeIdentifier, escapeLiteral } from "pg";
import type { Server } from "./server";

/** Where the copy of an empty database lies, for all projects. */
const templates = path.join(__dirname, "..", "..", ".local");

/** How long the database gets to write what it has when it is to end. */
const graceMs = 5000;

export interface PgliteOptions {
  /** Folder of the data. */
  readonly dataDir: string;
  /** Whether the data stays when the server stops. */
  readonly keep: boolean;
  /** Gets what goes wrong in the process. */
  readonly log: string;
  /** The cluster's master user. */
  readonly user: string;
}

/**
 * PGlite, which is PostgreSQL in WebAssembly, in a process that ends with this one, however that ends. It has one
 * database, named `postgres` by itself whatever the cluster calls it, and one session. The master user is no superuser,
 * as on AWS.
 */
export class PgliteServer implements Server {
  readonly sessions = 1;
  readonly setUp: readonly string[];
  readonly prelude: readonly string[];
  #process: ChildProcess | undefined;

  constructor(private readonly options: PgliteOptions) {
    const user = escapeIdentifier(options.user);
    const name = escapeLiteral(options.user);
    this.setUp = [
      `DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${name}) THEN
          CREATE ROLE ${user} LOGIN CREATEDB CREATEROLE;
          ALTER DATABASE postgres OWNER TO ${user};
          ALTER SCHEMA public OWNER TO ${user};
        END IF;
      END $$`,
    ];
    // The path as PostgreSQL has it by itself; PGlite's is another.
    this.prelude = [`SET SESSION AUTHORIZATION ${user}; SET search_path = "$user", public`];
  }

  /** Also starts the process, anew if it has ended. */
  connection(): ClientConfig {
    return { user: "postgres", database: "postgres", stream: () => this.#start() };
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const late = new AbortController();
      const ended = once(child, "exit");
      const killed = delay(graceMs, undefined, { signal: late.signal }).then(
        () => child.kill("SIGKILL"),
        () => {},
      );
      await ended;
      late.abort();
      await killed;
    }
    if (!this.options.keep) {
      await rm(this.options.dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  #start(): Socket {
    const { dataDir, log } = this.options;
    // Its client has left it; two processes must never have the same data open.
    this.#process?.kill("SIGKILL");
    mkdirSync(path.dirname(dataDir), { recursive: true });
    const output = openSync(log, "a");
    const child = spawn(process.execPath, [path.join(__dirname, "pglite.mjs"), dataDir, templates], {
      // Out of reach of the terminal's Ctrl-C.
      detached: true,
      env: { TZ: "UTC" },
      stdio: ["ignore", output, output, "pipe"],
    });
    closeSync(output);
    child.on("error", () => {});
    child.unref();
    this.#process = child;
    const stream = child.stdio[3];
    if (!(stream instanceof Socket)) {
      throw new Error("The database's process has no connection.");
    }
    return connected(stream);
  }
}

/** The driver connects its stream itself; this one is from the beginning. */
function connected(stream: Socket): Socket {
  return Object.assign(stream, {
    connect() {
      process.nextTick(() => stream.emit("connect"));
      return stream;
    },
  });
}
