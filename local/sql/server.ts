import type { ClientConfig } from "pg";

/** A PostgreSQL server, wherever it runs. */
export interface Server {
  /** How many sessions it has at once. */
  readonly sessions: number;
  /** Statements that begin a session. */
  readonly setUp: readonly string[];
  /** Statements that follow, and are repeated when it was reset. */
  readonly prelude: readonly string[];
  /** How the driver reaches it, for one more session. */
  connection(): ClientConfig;
  /** Ends what was started for it; its sessions are over by then. */
  stop(): Promise<void>;
}
