// Makes sure that node_modules is what package-lock.json asks for. Plain JavaScript without dependencies: it
// runs before there are any. `npm start` imports it, `npm test` runs it.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { waitForLock } from "./lock.js";

const OLDEST_NODE = 20;

const project = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lockFile = path.join(project, "package-lock.json");
/** npm's own record of what it installed, written last. */
const npmRecord = path.join(project, "node_modules", ".package-lock.json");
/** Ours: which pair of the two files above was found to agree. */
const mark = path.join(project, "node_modules", ".gallery-installed");

/** The dependencies cannot be installed; the message says why and what to do. */
export class InstallError extends Error {}

/** Identifies what is wanted and what is there, so that any npm command run by hand is noticed. */
function fingerprint() {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  return hash.update(readFileSync(lockFile)).update(readFileSync(npmRecord)).digest("hex");
}

function allows(list, value) {
  return (
    list === undefined ||
    list.includes(value) ||
    list.some((item) => item.startsWith("!") && item !== `!${value}`)
  );
}

/** Whether npm's record holds every wanted package, in the wanted version and for this machine, and no other. */
function recordAgrees() {
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const installed = JSON.parse(readFileSync(npmRecord, "utf8")).packages;
  const isWanted = ([folder, entry]) =>
    wanted[folder]?.version === entry.version &&
    wanted[folder].integrity === entry.integrity &&
    allows(entry.os, process.platform) &&
    allows(entry.cpu, process.arch) &&
    existsSync(path.join(project, folder));
  const isThere = ([folder, entry]) => folder === "" || entry.optional === true || folder in installed;
  return Object.entries(installed).every(isWanted) && Object.entries(wanted).every(isThere);
}

function isInstalled() {
  if (!existsSync(npmRecord)) return false;
  const found = fingerprint();
  if (existsSync(mark) && readFileSync(mark, "utf8") === found) return true;
  if (!recordAgrees()) return false;
  writeFileSync(mark, found);
  return true;
}

/** Runs `npm ci`, which shows its own progress and errors; answers how it ended when that was not well. */
function npmCi() {
  const args = ["ci", "--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  // Without a network npm's defaults wait for over a minute before they say so.
  args.push("--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000");
  const npm = process.env.npm_execpath;
  const options = { cwd: project, stdio: "inherit" };
  const child =
    npm !== undefined && path.basename(npm) === "npm-cli.js"
      ? spawn(process.execPath, [npm, ...args], options)
      : spawn("npm", args, options);
  return new Promise((resolve) => {
    child.once("error", (error) =>
      resolve(error.code === "ENOENT" ? "npm is not on the PATH" : error.message),
    );
    child.once("exit", (code, signal) =>
      resolve(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`),
    );
  });
}

/**
 * Installs node_modules when it is missing, half made, or made from another package-lock.json. Takes a few
 * milliseconds when there is nothing to do. A second process that calls it meanwhile waits.
 * @throws InstallError when Node is too old, the platform is Windows, or `npm ci` fails.
 */
export async function ensureNodeModules() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new InstallError(
      `Node ${process.versions.node} (${process.execPath}) is too old for this project.\n` +
        `Install Node ${OLDEST_NODE} or newer (https://nodejs.org) and run the command again.`,
    );
  }
  if (process.platform === "win32") {
    throw new InstallError(
      "The local cloud runs on Linux and macOS. On Windows run it in WSL: wsl --install",
    );
  }
  if (isInstalled()) return;
  const lock = await waitForLock(path.join(project, ".local", "install.lock"), ({ pid }) =>
    console.error(`Waiting for process ${pid}, which installs node_modules.`),
  );
  try {
    if (isInstalled()) return;
    console.error("Installing the Node packages of package-lock.json (npm ci). This happens once.");
    const failure = await npmCi();
    if (failure !== undefined) {
      throw new InstallError(
        `npm ci failed in ${project}: ${failure}; what npm says about it is above.\n` +
          "It needs the npm registry once. If that is the cause, check network, proxy and registry (npm ping), then\n" +
          "run the command again. What was left half installed is not used and will be replaced.",
      );
    }
    writeFileSync(mark, fingerprint());
  } finally {
    lock.release();
  }
}

/** As `ensureNodeModules`, for a command: an InstallError is printed and ends the process with code 1. */
export async function installOrExit() {
  try {
    await ensureNodeModules();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const script = process.argv[1];
if (script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href)
  await installOrExit();
