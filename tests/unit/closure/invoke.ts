import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Artefact } from "../../../components/closure/artefact";

/**
 * Runs an artefact as Lambda does: in a process of its own, once per event; answers the last result. `preamble` is
 * JavaScript that the process runs first, in the artefact's folder.
 */
export async function invoke(
  { code, files }: Pick<Artefact, "code" | "files">,
  events: unknown[],
  environment: Record<string, string> = {},
  preamble = "",
): Promise<unknown> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "artefact-")));
  try {
    fs.writeFileSync(path.join(folder, "index.js"), code);
    for (const [name, file] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.copyFileSync(file, path.join(folder, name));
    }
    const script = `(async () => {
      ${preamble}
      const { handler } = require("./index.js");
      let result;
      for (const event of ${JSON.stringify(events)}) result = await handler(event);
      console.log(JSON.stringify(result));
    })();`;
    const child = spawn(process.execPath, ["-e", script], {
      cwd: folder,
      env: { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", ...environment },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    if (status !== 0) {
      throw new Error(err);
    }
    return JSON.parse(out);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
