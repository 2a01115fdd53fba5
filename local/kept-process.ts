import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import * as path from "node:path";
import * as readline from "node:readline";
import type { Lock } from "./lock";

export interface KeptCommand {
  command: string;
  args: string[];
  cwd: string;
  /** The whole environment of the command. */
  env: Record<string, string>;
  /** File that gets the command's output; emptied first. */
  log: string;
  /** How long the command may take to end by itself when it is asked to; 0 kills it at once. */
  graceMs: number;
  /** Files and folders that are removed when it has ended. */
  remove: string[];
}

/** A process that ends, with its children, at the latest when this process does, even by SIGKILL. */
export interface KeptProcess {
  readonly pid: number;
  /** Resolves when nothing is left of it; with how it ended, such as `exit code 1` or `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Asks it to end, and resolves with `ended`. */
  end(): Promise<string>;
}

/**
 * Starts a command under a keeper process (keeper.mjs). It does not keep this process alive.
 * @param lock stays taken until the keeper has ended too.
 * @throws Error when the command cannot be started.
 */
export async function startKept(order: KeptCommand, lock: Lock): Promise<KeptProcess> {
  const keeper = spawn(process.execPath, [path.join(__dirname, "keeper.mjs")], {
    // Out of reach of the terminal's Ctrl-C, and of what this process's environment makes of Node.
    detached: true,
    env: {},
    stdio: ["pipe", "pipe", "ignore"],
  });
  keeper.stdin.on("error", () => {});
  const closed = once(keeper, "close");
  if (keeper.pid !== undefined) lock.shareWithKeeper(keeper.pid);

  const answer: { pid?: number; ended?: string } = {};
  const answers = readline.createInterface({ input: keeper.stdout });
  const started = once(answers, "line");
  answers.on("line", (line) => Object.assign(answer, JSON.parse(line)));
  const ended = closed.then(async () => {
    if (answer.ended !== undefined) return answer.ended;
    await endUnkept(answer.pid, order.remove);
    return "its keeper was killed";
  });

  keeper.stdin.write(`${JSON.stringify(order)}\n`);
  await Promise.race([started, ended]);
  const { pid } = answer;
  if (pid === undefined) throw new Error(`${order.command} cannot be started: ${await ended}`);
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout]) if (stream instanceof Socket) stream.unref();
  return {
    pid,
    ended,
    end() {
      keeper.ref();
      keeper.stdin.end();
      return ended;
    },
  };
}

/** What the keeper would have done, had it not been killed itself; whatever cannot be done is left. */
async function endUnkept(pid: number | undefined, remove: string[]): Promise<void> {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of the group is left.
  }
  const options = { recursive: true, force: true, maxRetries: 10, retryDelay: 20 };
  await Promise.allSettled(remove.map((file) => rm(file, options)));
}
