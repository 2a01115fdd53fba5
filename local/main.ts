import { type Arguments, parseArguments, usage } from "./arguments";
import { LocalCloud } from "./local-cloud";
import { readProject } from "./project";
import { SelfCheckFailed, selfCheck } from "./self-check";
import { summary } from "./summary";
import { Watcher } from "./watch";

/** `npm start`: brings the local cloud up, keeps it in line with the program, ends it on a signal. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseArguments(argv);
    if (!args) {
      console.log(usage);
      return 0;
    }
    await run(args);
    return 0;
  } catch (error) {
    console.error(describe(error));
    return 1;
  }
}

async function run({
  project: directory,
  stack,
  stateDir,
  port,
  keep,
  postgres,
  once,
}: Arguments): Promise<void> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const progress = (message: string) => console.log(`${seconds().toFixed(1).padStart(5)} s  ${message}`);

  const stopped = signalled();
  let onExit: (reason: string) => void = () => {};
  const died = new Promise<never>((_, reject) => {
    onExit = (reason) => reject(new Error(reason));
  });
  died.catch(() => {});

  const project = readProject(directory, stack);
  const starting = LocalCloud.start({ project, stateDir, port, keep, postgres, progress, onExit });
  const cloud = await Promise.race([starting, died, stopped]);
  if (!cloud) {
    await starting.then(
      (late) => late.stop(),
      () => {},
    );
    return;
  }
  try {
    const checked = await selfCheck(cloud.resources);
    for (const { request, answer } of checked) {
      progress(`${request} ${answer}`);
    }
    const failed = checked.filter(({ ok }) => !ok);
    if (once && failed.length > 0) {
      throw new SelfCheckFailed(failed);
    }
    console.log(summary(project, stateDir, cloud, seconds()));
    if (!once) {
      const deploying = hotDeploy(cloud);
      console.log("\nSaved files are deployed at once. Ctrl-C stops.");
      await Promise.race([stopped, died]).finally(deploying.stop);
    }
  } finally {
    console.log("Stopping");
    await cloud.stop();
  }
}

/** Deploys again whenever the program's or the project's files change; what is refused changes nothing. */
function hotDeploy(cloud: LocalCloud): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const watcher = new Watcher(() => {
    running = running.then(async () => {
      const started = performance.now();
      try {
        const { created, updated, deleted } = await cloud.deploy();
        const names = [...created, ...updated, ...deleted].map((urn) => urn.split("::").at(-1));
        const what = names.length === 0 ? "nothing to change" : names.join(", ");
        console.log(`Deployed in ${Math.round(performance.now() - started)} ms: ${what}`);
      } catch (error) {
        console.error(`${describe(error)}\nNot deployed: mend it and save again.`);
      }
      watcher.watch(cloud.files);
    });
  });
  watcher.watch(cloud.files);
  return {
    async stop() {
      watcher.stop();
      await running;
    },
  };
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; npm may pass on a Ctrl-C that the terminal has sent as well. */
function signalled(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve(undefined));
    }
  });
}

/** Errors of ours say all in their message; others need their stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const isOurs =
    error.constructor !== Error && !["TypeError", "ReferenceError", "RangeError"].includes(error.name);
  // The SDK names each property on the way to an error in a serialised callback.
  const message = error.message.replace(/^(error serializing property "\w+": )+/, "");
  return isOurs ? message : (error.stack ?? message);
}
