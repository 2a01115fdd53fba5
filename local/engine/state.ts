import * as fs from "node:fs";
import * as path from "node:path";
import { withoutSecrets } from "./secret";
import type { DeployedResource, State } from "./update";

const fileIn = (folder: string) => path.join(folder, "state.json");

/** What the last start with data left in the folder; nothing when there was none. */
export function readState(folder: string): State {
  let lists: { resources: DeployedResource[]; condemned: DeployedResource[] };
  try {
    lists = JSON.parse(fs.readFileSync(fileIn(folder), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { resources: new Map(), condemned: new Set() };
    }
    throw new Error(`${fileIn(folder)} cannot be read (${error}); remove the folder ${folder} to start anew`);
  }
  const { resources, condemned } = lists;
  return {
    resources: new Map(resources.map((resource) => [resource.urn, resource])),
    condemned: new Set(condemned),
  };
}

/** Notes what is there. Secrets are left out as well: a fingerprint tells whether one has changed. Contents of assets are left out; their fingerprints tell whether they changed. */
export function writeState(folder: string, { resources, condemned }: State): void {
  fs.mkdirSync(folder, { recursive: true });
  const file = fileIn(folder);
  const lists = { resources: [...resources.values()].map(tellable), condemned: [...condemned].map(tellable) };
  // Renamed into place, so that a kill leaves the old state or the new one.
  fs.writeFileSync(`${file}.new`, JSON.stringify(lists), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

function tellable(resource: DeployedResource): DeployedResource {
  const { secrets = [], inputs, outputs } = resource;
  return { ...resource, inputs: withoutSecrets(inputs, secrets), outputs: withoutSecrets(outputs, secrets) };
}
