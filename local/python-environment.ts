import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import * as readline from "node:readline";
import { promisify } from "node:util";
import { waitForLock } from "./lock";

const OLDEST_MINOR = 10;
const UNUSED_MS = 24 * 3600 * 1000;
const PROBE_MS = 10_000;

const requirements = path.join(__dirname, "requirements.txt");

/** No Python that can run the emulator was found. */
export class PythonMissing extends Error {}

/** Python is there, but not the part of it that makes virtual environments. */
export class VenvMissing extends Error {}

/** The emulator's packages could not be installed. */
export class EmulatorInstallFailed extends Error {}

/**
 * The Python executable of a virtual environment that holds local/requirements.txt, which is installed first
 * when it is missing: about 25 MB from PyPI, or from wherever pip is configured to look. Callers at the same
 * time, in this process or another, wait for the one that installs.
 * @param folder holds one environment for each requirements.txt, platform and `GALLERY_PYTHON`; one not used for
 * a day is removed when another is installed.
 * @throws PythonMissing, VenvMissing, EmulatorInstallFailed
 */
export async function pythonEnvironment(
  folder: string,
  progress: (message: string) => void,
): Promise<string> {
  const key = createHash("sha256")
    .update(await readFile(requirements))
    .update(`${process.platform} ${process.arch} ${process.env.GALLERY_PYTHON ?? ""}`)
    .digest("hex")
    .slice(0, 12);
  const environment = path.join(folder, `venv-${key}`);
  if (!existsSync(pythonOf(environment))) {
    const lock = await waitForLock(path.join(folder, "venv.lock"), ({ pid }) =>
      progress(`Waiting for process ${pid}, which installs the emulator`),
    );
    try {
      if (!existsSync(pythonOf(environment))) await install(environment, progress);
    } finally {
      lock.release();
    }
  }
  const now = new Date();
  await utimes(environment, now, now);
  return pythonOf(environment);
}

function pythonOf(environment: string): string {
  return path.join(environment, "bin", "python");
}

async function install(environment: string, progress: (message: string) => void): Promise<void> {
  const base = await findPython();
  await removeOthers(environment);
  progress(`Installing the emulator into ${environment}. This happens once.`);
  // Renamed when complete, so that whatever happens meanwhile nothing half made is ever used.
  const part = `${environment}.part-${process.pid}`;
  try {
    await run(base, ["-I", "-m", "venv", part], () => {});
    const pip = ["-I", "-m", "pip", "install", "--require-hashes", "--no-compile", "--no-input"];
    // Everything that is needed is listed, and each of them runs where the emulator does.
    pip.push("--no-deps", "--ignore-requires-python");
    pip.push("--disable-pip-version-check", "--progress-bar", "off", "--retries", "2", "-r", requirements);
    await run(pythonOf(part), pip, (line) => {
      if (/^\s*Downloading /.test(line)) progress(line.trim());
    });
    await rm(environment, { recursive: true, force: true });
    await rename(part, environment);
  } catch (error) {
    throw new EmulatorInstallFailed(
      `Installing the emulator failed: ${error instanceof Error ? error.message : error}\n` +
        `It needs the packages of ${requirements} once, from PyPI or the index pip is configured for.\n` +
        "Check the network, proxy (HTTPS_PROXY) and index (PIP_INDEX_URL) and start again; nothing half made was left.",
    );
  } finally {
    await rm(part, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Removes what a killed installation left, and environments that nobody has used lately. */
async function removeOthers(environment: string): Promise<void> {
  const folder = path.dirname(environment);
  for (const name of await readdir(folder)) {
    const other = path.join(folder, name);
    const isUnused = async () => (await stat(other)).mtimeMs < Date.now() - UNUSED_MS;
    if (/^venv-[0-9a-f]{12}\.part-/.test(name) || (/^venv-[0-9a-f]{12}$/.test(name) && (await isUnused()))) {
      await rm(other, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** Runs a command, gives its output line by line, and throws with its last lines when it fails. */
async function run(command: string, args: string[], onLine: (line: string) => void): Promise<void> {
  // A `user = true` in pip's configuration contradicts an environment.
  const env = { ...process.env, PIP_USER: "0" };
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const last: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    readline.createInterface({ input }).on("line", (line) => {
      onLine(line);
      last.push(line);
      if (last.length > 8) last.shift();
    });
  }
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(code === 0 ? undefined : signal === null ? `code ${code}` : `signal ${signal}`),
    );
  });
  if (failure === undefined) return;
  throw new Error(
    `${[path.basename(command), ...args].join(" ")} ended with ${failure}.\n${last.join("\n")}`,
  );
}

// Every Python since 2.6 understands this.
const PROBE = `import os, sys
print("%d.%d.%d" % sys.version_info[:3])
print(os.path.realpath(sys.executable))
try:
  import ensurepip, venv
  print("complete")
except ImportError:
  print("without ensurepip")`;

/**
 * A Python new enough that can make virtual environments, as the full path of its own version: the link to it in
 * an environment then breaks when that version goes, rather than silently lead to another.
 */
async function findPython(): Promise<string> {
  const options = { env: process.env, timeout: PROBE_MS };
  const tried: string[] = [];
  let incomplete: string | undefined;
  for (const command of candidates()) {
    let answer: string;
    try {
      answer = (await promisify(execFile)(command, ["-c", PROBE], options)).stdout;
    } catch {
      tried.push(`${command}: not found or broken`);
      continue;
    }
    const [version = "", executable = "", state] = answer.split(/\r?\n/);
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major !== 3 || minor < OLDEST_MINOR) tried.push(`${command}: ${version}, too old`);
    else if (state === "complete") return executable;
    else incomplete ??= `Python ${version} (${executable})`;
  }
  if (incomplete !== undefined) {
    throw new VenvMissing(
      `${incomplete} cannot make virtual environments: its modules venv and ensurepip are not installed.\n` +
        "Install them (Debian, Ubuntu: sudo apt install python3-venv), or name another Python in GALLERY_PYTHON.",
    );
  }
  throw new PythonMissing(
    `The emulator needs Python 3.${OLDEST_MINOR} or newer and none was found:\n  ${tried.join("\n  ")}\n` +
      "Install one (https://www.python.org/downloads, apt, brew) or name one in GALLERY_PYTHON, and start again.",
  );
}

function candidates(): string[] {
  const chosen = process.env.GALLERY_PYTHON;
  if (chosen) return [chosen];
  return ["python3", "python", ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)];
}
