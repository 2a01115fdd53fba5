import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { constructorIn } from "../aws/awsx";
import type { Project } from "../project";
import { Monitor, type Registrar } from "./monitor";
import { withoutPromiseTraces } from "./promise-traces";
import type { Properties } from "./resource";

/** This process's own code; the program is everything else that is not a package. */
const engineFolder = path.resolve(__dirname, "..") + path.sep;

/** Evaluates a project's program in this process, again and again: its modules are read anew each time. */
export class Program {
  /** Files the program was read from. */
  files: readonly string[] = [];
  private onRejection: (error: unknown) => void = () => {};

  constructor(private project: Project) {
    // An error inside `apply` or a serialised callback surfaces as a rejection that nobody handles.
    process.on("unhandledRejection", (error) => this.onRejection(error));
  }

  /** Takes another configuration for the next evaluation. */
  configure(project: Project): void {
    this.project = project;
  }

  /** Runs the program; answers the stack's outputs once every resource is registered. */
  async evaluate(registrar: Registrar, preview: boolean): Promise<Properties> {
    const { name, stack, config, main, region } = this.project;
    for (const file of programFiles()) {
      delete require.cache[file];
    }
    const monitor = new Monitor(registrar, name, stack, preview, constructorIn(region));
    pulumi.runtime.setAllConfig({ ...config });

    const rejected = new Promise<never>((_, reject) => {
      this.onRejection = reject;
    });
    let isRead = false;
    const restore = withoutPromiseTraces();
    try {
      const run = async () => {
        let exported: Properties = {};
        const outputs = await pulumi.runtime.runInPulumiStack(async () => {
          exported = require(main);
          return exported;
        });
        await pulumi.runtime.disconnect();
        // Rejections that nobody handles are told after the microtasks that led to them.
        await new Promise(setImmediate);
        return masked(outputs as Properties, exported);
      };
      const outputs = await Promise.race([run(), monitor.failed, rejected]);
      isRead = true;
      return outputs;
    } catch (error) {
      monitor.giveUp();
      await monitor.settled();
      throw error;
    } finally {
      // One error of a program surfaces in several promises; those that come late tell nothing new.
      this.onRejection = () => {};
      restore();
      // A file that could not be read is no module, but its mending is to be noticed.
      this.files = [...new Set([...(isRead ? [] : this.files), ...programFiles()])];
    }
  }
}

/** Stack outputs as the Pulumi CLI shows them: secrets stay untold. */
async function masked(outputs: Properties, exported: Properties): Promise<Properties> {
  const entries = Object.entries(outputs ?? {}).map(async ([name, value]) => {
    const source = exported[name];
    const isSecret = pulumi.Output.isInstance(source) && (await pulumi.isSecret(source));
    return [name, isSecret ? "[secret]" : value] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function programFiles(): string[] {
  return Object.keys(require.cache).filter(
    (file) => !file.includes(`${path.sep}node_modules${path.sep}`) && !file.startsWith(engineFolder),
  );
}
