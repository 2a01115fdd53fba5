import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { atExit } from "./at-exit";

/** Hands a new empty folder to `work` and removes it afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-bench-"));
  const remove = atExit(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  try {
    return await work(folder);
  } finally {
    remove();
  }
}
