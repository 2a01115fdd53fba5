import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Resource } from "../../../local/engine/resource";

const root = path.resolve(__dirname, "../../..");
/** Some thousand characters a resource; a program of ten thousand would still fit. */
const maximumBytes = 100e6;

/** The resources of the real program, with the configuration of its stack for laptops; functions without their code. */
export async function galleryGraph(): Promise<Resource[]> {
  const script = ["--no-warnings", "-r", "./local/register.js", "tests/unit/checks/gallery-print.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, script, {
    cwd: root,
    maxBuffer: maximumBytes,
  });
  return JSON.parse(stdout);
}
