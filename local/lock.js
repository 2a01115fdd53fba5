// One process at a time, by a file that names its owner. CommonJS with no dependency, because it also guards
// the installation of the dependencies. Types: lock.d.ts.
const { randomUUID } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { setTimeout: delay } = require("node:timers/promises");

const POLL_MS = 50;
// An owner is written right after its file is made; an empty file older than this was left by a crash.
const WRITING_MS = 1000;

/** Ids of the locks this process holds: a lock with our process id but another id is from a former process. */
const held = new Set();

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHeld(file, owner) {
  const { mtimeMs } = statSync(file);
  if (owner === undefined) return Date.now() - mtimeMs < WRITING_MS;
  // Process ids start anew with the machine, so an owner from before that has ended.
  if (mtimeMs < Date.now() - os.uptime() * 1000) return false;
  const pidHolds = owner.pid === process.pid ? held.has(owner.id) : alive(owner.pid);
  return pidHolds || (owner.keeper !== undefined && alive(owner.keeper));
}

/** Removes the lock file if it still holds `text`: somebody may have taken it over since that was read. */
function removeIf(file, text) {
  const aside = `${file}.${randomUUID()}`;
  renameSync(file, aside);
  if (readFileSync(aside, "utf8") === text) rmSync(aside);
  else renameSync(aside, file);
}

function makeLock(file, owner) {
  let text = JSON.stringify(owner);
  writeFileSync(file, text, { flag: "wx" });
  held.add(owner.id);
  return {
    shareWithKeeper(keeper) {
      const draft = `${file}.${owner.id}`;
      text = JSON.stringify({ ...owner, keeper });
      writeFileSync(draft, text);
      renameSync(draft, file);
    },
    release() {
      if (!held.delete(owner.id)) return;
      try {
        if (readFileSync(file, "utf8") === text) rmSync(file);
      } catch (error) {
        if (error.code !== "ENOENT") throw error;
      }
    },
  };
}

function tryLock(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    try {
      return { lock: makeLock(file, { pid: process.pid, id: randomUUID() }) };
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    try {
      const text = readFileSync(file, "utf8");
      const owner = parse(text);
      if (!isHeld(file, owner)) removeIf(file, text);
      else if (owner !== undefined) return { owner };
    } catch (error) {
      // Released or taken over by somebody else between two of our steps.
      if (error.code !== "ENOENT") throw error;
    }
  }
}

async function waitForLock(file, onWait) {
  for (let told = false; ; told = true) {
    const { lock, owner } = tryLock(file);
    if (lock !== undefined) return lock;
    if (!told) onWait(owner);
    await delay(POLL_MS);
  }
}

exports.alive = alive;
exports.tryLock = tryLock;
exports.waitForLock = waitForLock;
