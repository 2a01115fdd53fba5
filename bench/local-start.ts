import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { atExit } from "./at-exit";

const root = path.resolve(__dirname, "..");

const patienceMs = 60_000;

/** The local cloud ended by itself, or did not come to what was waited for. */
export class LocalStartFailed extends Error {
  constructor(how: string, printed: string) {
    super(`npm start ${how}. What it printed:\n${printed}`);
  }
}

/** `npm start` in a process of its own, from the moment it is launched. */
export class LocalStart {
  private readonly child: ChildProcess;
  private readonly closed: Promise<void>;
  private readonly kill: () => void;
  private text = "";

  constructor(private readonly stateDir: string) {
    this.child = spawn(process.execPath, ["local/start.mjs", "--state", stateDir], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => this.note(chunk));
    this.child.stderr?.on("data", (chunk: Buffer) => this.note(chunk));
    this.closed = new Promise((resolve) => this.child.once("close", () => resolve()));
    this.kill = atExit(() => this.child.kill("SIGINT"));
  }

  /** What it has printed so far. */
  get printed(): string {
    return this.text;
  }

  /**
   * Asks every few milliseconds until there is an answer.
   * @throws LocalStartFailed
   */
  async until<T>(ask: () => Promise<T | undefined> | T | undefined, pauseMs: number): Promise<T> {
    for (const deadline = Date.now() + patienceMs; ; ) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new LocalStartFailed("ended by itself", this.text);
      }
      if (Date.now() > deadline) {
        throw new LocalStartFailed(`was not ready within ${patienceMs / 1000} s`, this.text);
      }
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
      await delay(pauseMs);
    }
  }

  /** The stack's outputs, as soon as they are written. */
  outputs(): Promise<Record<string, string>> {
    return this.until(() => {
      try {
        return JSON.parse(fs.readFileSync(path.join(this.stateDir, "outputs.json"), "utf8"));
      } catch {
        return undefined;
      }
    }, 5);
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    this.kill();
    await this.closed;
  }

  private note(chunk: Buffer): void {
    this.text += chunk;
  }
}
