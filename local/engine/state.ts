import * as fs from "node:fs";
import * as path from "node:path";
import type { DeployedResource } from "./update";

const fileIn = (stateDir: string) => path.join(stateDir, "state.json");

/** Resources of the last start; none when there was none. */
export function readState(stateDir: string): DeployedResource[] {
  try {
    return JSON.parse(fs.readFileSync(fileIn(stateDir), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return [];
    }
    throw new Error(
      `${fileIn(stateDir)} cannot be read (${error}); remove the folder ${stateDir} to start anew`,
    );
  }
}

/** Notes what is deployed. Contents of assets are left out; their fingerprints tell whether they changed. */
export function writeState(stateDir: string, resources: readonly DeployedResource[]): void {
  const file = fileIn(stateDir);
  // Renamed into place, so that a kill leaves the old state or the new one.
  fs.writeFileSync(`${file}.new`, JSON.stringify(resources), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}
