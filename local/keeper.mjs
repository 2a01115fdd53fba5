// Parent of a process such as the emulator, in a session of its own. Its standard input is a pipe from whoever
// wants that process: the first line says what to run (KeptCommand in kept-process.ts). When the pipe closes,
// because of a clean end, a crash or SIGKILL, the keeper ends the process with all its children and removes what
// it was told to. It answers in lines of JSON: {pid}, then {ended}.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { rm } from "node:fs/promises";
import readline from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const lines = readline.createInterface({ input: process.stdin });
const closed = once(lines, "close");
const [line] = await Promise.race([once(lines, "line"), closed]);
// Whoever waits for an answer may be gone.
process.stdout.on("error", () => {});
if (line !== undefined) await keep(JSON.parse(line));
process.exit();

async function keep({ command, args, cwd, env, log, graceMs, remove }) {
  const output = openSync(log, "w");
  // A group of its own, so that one signal reaches the process and its children, and not the keeper.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  if (child.pid !== undefined) void answer({ pid: child.pid });

  const signals = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal));
  await Promise.race([ended, closed, ...signals]);
  if (graceMs > 0) {
    signalGroup(child, "SIGTERM");
    await Promise.race([ended, delay(graceMs)]);
  }
  signalGroup(child, "SIGKILL");
  const how = await ended;
  const options = { recursive: true, force: true, maxRetries: 10, retryDelay: 20 };
  await Promise.allSettled(remove.map((file) => rm(file, options)));
  await answer({ ended: how });
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has not started, or nobody of the group is left.
  }
}

/** Resolves when the answer has left, so that the process may end. */
function answer(message) {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, resolve));
}
