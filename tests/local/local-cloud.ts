import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { DemoUser } from "../../local/demo-user";

const root = path.resolve(__dirname, "../..");

/** `npm start` in a process of its own, with a state folder of its own. */
export interface RunningCloud {
  readonly address: string;
  readonly outputs: Record<string, string>;
  readonly users: readonly DemoUser[];
  readonly stateDir: string;
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does; answers its exit code. */
  stop(): Promise<number | null>;
}

/** What `npm start` with these arguments prints and its exit code, when it ends by itself. */
export async function runToEnd(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-state-"));
  try {
    const { child, output } = launch([...args, "--state", stateDir], env);
    const code = await ended(child);
    return { code, output: output() };
  } finally {
    fs.rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Starts a local cloud and waits until it is up; the state folder given stays, another one is removed. */
export async function startCloud(args: readonly string[], keptState?: string): Promise<RunningCloud> {
  const stateDir = keptState ?? fs.mkdtempSync(path.join(os.tmpdir(), "gallery-state-"));
  const { child, output } = launch([...args, "--state", stateDir], process.env);
  const over = ended(child);
  const isUp = () => output().includes("Ctrl-C stops");
  while (!isUp()) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The local cloud did not start:\n${output()}`);
    }
    await Promise.race([over, delay(50)]);
  }
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(stateDir, file), "utf8"));
  return {
    address: / at (http:\S+)/.exec(output())?.[1] ?? "",
    outputs: read("outputs.json"),
    users: read("demo-users.json"),
    stateDir,
    process: child,
    output,
    async stop() {
      child.kill("SIGINT");
      const code = await over;
      if (keptState === undefined) {
        fs.rmSync(stateDir, { recursive: true, force: true });
      }
      return code;
    },
  };
}

function launch(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [path.join(root, "local/start.mjs"), ...args], { cwd: root, env });
  let printed = "";
  const note = (chunk: Buffer) => {
    printed += chunk;
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  return { child, output: () => printed };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("close", resolve));
}

/** Asks again until the answer is there. */
export async function eventually<T>(ask: () => Promise<T | undefined>, within = 60_000): Promise<T> {
  for (const deadline = Date.now() + within; Date.now() < deadline; await delay(100)) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
  }
  throw new Error(`Not within ${within} ms: ${ask}`);
}
