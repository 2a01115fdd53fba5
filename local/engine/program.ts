import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Project } from "../project";
import { Monitor, type Registrar } from "./monitor";
import type { Properties } from "./resource";

/** This process's own code; the program is everything else that is not a package. */
const engineFolder = path.resolve(__dirname, "..") + path.sep;

/** Evaluates a project's program in this process, again and again: its modules are read anew each time. */
export class Program {
  /** Files the program was read from. */
  files: readonly string[] = [];

  constructor(private readonly project: Project) {}

  /** Runs the program; answers the stack's outputs once every resource is registered. */
  async evaluate(registrar: Registrar, preview: boolean): Promise<Properties> {
    const { name, stack, config, main } = this.project;
    for (const file of programFiles()) {
      delete require.cache[file];
    }
    const monitor = new Monitor(registrar, name, stack, preview);
    pulumi.runtime.setAllConfig({ ...config });

    let onRejection: (error: unknown) => void = () => {};
    const rejected = new Promise<never>((_, reject) => {
      onRejection = reject;
    });
    // An error inside `apply` or a serialised callback surfaces as a rejection that nobody handles.
    process.on("unhandledRejection", onRejection);
    // The SDK takes a stack trace for every promise it makes, which doubles the time of an evaluation. An error
    // of the program shows in the preview.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = preview ? 2 : 0;
    try {
      const run = async () => {
        const outputs = await pulumi.runtime.runInPulumiStack(async () => require(main));
        await pulumi.runtime.disconnect();
        return outputs as Properties;
      };
      return await Promise.race([run(), monitor.failed, rejected]);
    } finally {
      process.off("unhandledRejection", onRejection);
      Error.stackTraceLimit = stackTraceLimit;
      this.files = programFiles();
    }
  }
}

function programFiles(): string[] {
  return Object.keys(require.cache).filter(
    (file) => !file.includes(`${path.sep}node_modules${path.sep}`) && !file.startsWith(engineFolder),
  );
}
