import * as fs from "node:fs";
import { bundleFolder } from "../components/closure/bundle";

/** Makes the next evaluation bundle every function anew. */
export function clearArtefactCache(): void {
  fs.rmSync(bundleFolder, { recursive: true, force: true, maxRetries: 5 });
}
