import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import * as http from "node:http";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port";
import { type KeptProcess, startKept } from "./kept-process";
import { alive, type Lock, tryLock } from "./lock";
import { pythonEnvironment } from "./python-environment";

const POLL_MS = 20;
const READY_MS = 30_000;
/** How long the emulator may take to write its state when it is asked to end. */
const GRACE_MS = 10_000;
const PORT_ATTEMPTS = 3;
const LOG_TAIL_LINES = 20;

export interface EmulatorOptions {
  /** Folder of the local state, `<project>/.local`: data, log and temporary files live below it. */
  stateDir: string;
  /** What the functions' SDK clients get as AWS_ENDPOINT_URL: the front door. */
  endpoint: string;
  region: string;
  /** Folder to keep data in over a restart; absent, the emulator starts empty and leaves nothing. */
  dataDir?: string;
  /** Gets a line for whoever waits: what is being installed or waited for. */
  progress(message: string): void;
  /** Called once when the emulator ends without being asked to; gets how it ended and the last lines of its log. */
  onExit(reason: string): void;
  /**
   * More environment variables for the emulator, which every function inherits; they win over ours.
   * @default nothing of the caller's environment reaches the emulator or a function
   */
  env?: Record<string, string>;
  /**
   * Folder of the Python environments.
   * @default `.local` of this repository, whatever the `stateDir`
   */
  environments?: string;
}

/** Another local cloud uses the same state folder. */
export class StateInUse extends Error {}

/** The emulator ended, or did not answer, before it was ready. */
export class EmulatorFailed extends Error {}

/**
 * A running emulator on a free loopback port. It ends with `stop`, and also when this process ends in whatever
 * way; its functions end with it. It does not keep this process alive.
 */
export class Emulator {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  readonly pid: number;
  private isStopping = false;
  private readonly ended: Promise<void>;

  private constructor(
    readonly port: number,
    /** What the front door sends along as `x-gallery-door`; without it, the emulator refuses web pages. */
    readonly doorToken: string,
    private readonly kept: KeptProcess,
    lock: Lock,
    options: EmulatorOptions,
  ) {
    this.address = `http://127.0.0.1:${port}`;
    this.pid = kept.pid;
    this.ended = kept.ended.then(async (how) => {
      lock.release();
      if (!this.isStopping) options.onExit(`The emulator ended: ${how}.\n${await endOf(logFile(options))}`);
    });
  }

  /**
   * Installs what is missing, starts the emulator and waits until it answers.
   * @throws StateInUse, EmulatorFailed, and the errors of `pythonEnvironment`
   */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const lock = await lockState(options);
    try {
      const environments = options.environments ?? path.join(__dirname, "..", ".local");
      const python = await pythonEnvironment(environments, options.progress);
      for (let attempt = 1; ; attempt++) {
        const port = await freePort();
        const doorToken = randomUUID();
        const { kept, failure } = await launch(python, port, doorToken, lock, options);
        if (failure === undefined) return new Emulator(port, doorToken, kept, lock, options);
        // Somebody else was faster to take the port.
        if (!/already in use/i.test(failure) || attempt === PORT_ATTEMPTS) throw new EmulatorFailed(failure);
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Ends the emulator and its functions and removes its temporary files; with `dataDir`, data is written first. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.kept.end();
    await this.ended;
  }
}

/** @throws StateInUse unless the other local cloud is just ending. */
async function lockState({ stateDir, progress }: EmulatorOptions): Promise<Lock> {
  const file = path.resolve(stateDir, "emulator.lock");
  const deadline = Date.now() + 2 * GRACE_MS;
  for (let told = false; ; told = true) {
    const { lock, owner } = tryLock(file);
    if (lock !== undefined) return lock;
    if (alive(owner.pid) || Date.now() > deadline) {
      throw new StateInUse(
        `Another local cloud, process ${owner.pid}, uses the state folder ${path.dirname(file)}.\n` +
          `Stop it first (kill ${owner.pid}), or remove ${file} if that process is something else.`,
      );
    }
    if (!told)
      progress(`Waiting for the emulator of process ${owner.pid}, which is gone, to write its state`);
    await delay(POLL_MS);
  }
}

async function launch(
  python: string,
  port: number,
  doorToken: string,
  lock: Lock,
  options: EmulatorOptions,
): Promise<{ kept: KeptProcess; failure?: string }> {
  // Ours alone as long as the lock is: one that is there was left by a crash of the machine.
  const temp = path.resolve(options.stateDir, "tmp");
  await rm(temp, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(temp);
  const token = randomUUID();
  const kept = await startKept(
    {
      command: python,
      args: ["-I", "-u", "-X", "utf8", path.join(__dirname, "emulator.py")],
      cwd: temp,
      env: { ...environment(options, port, temp, token), GALLERY_DOOR_TOKEN: doorToken },
      log: logFile(options),
      graceMs: options.dataDir === undefined ? 0 : GRACE_MS,
      remove: [temp],
    },
    lock,
  );
  const failure = await whyNotReady(kept, port, token);
  if (failure === undefined) return { kept };
  await kept.end();
  return { kept, failure: `The emulator did not start: ${failure}.\n${await endOf(logFile(options))}` };
}

function logFile(options: EmulatorOptions): string {
  return path.resolve(options.stateDir, "emulator.log");
}

/**
 * The whole environment of the emulator, and so of every function: written anew, because the caller's may hold
 * secrets, proxies and AWS profiles.
 */
function environment(
  { endpoint, region, dataDir, env }: EmulatorOptions,
  port: number,
  temp: string,
  token: string,
): Record<string, string> {
  const data = path.resolve(dataDir ?? temp);
  return {
    // The emulator runs functions with the first `node` it finds.
    PATH: [path.dirname(process.execPath), "/usr/bin", "/bin"].join(path.delimiter),
    HOME: temp,
    TMPDIR: temp,
    // As functions have them on AWS.
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    // By it the SDK says in each call that it runs in a function.
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AUTH: "true",
    // What a pre-token trigger throws is to refuse the token, as on AWS.
    MINISTACK_COGNITO_PRETOKEN_STRICT: "1",
    AWS_ENDPOINT_URL: endpoint,
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    MINISTACK_REGION: region,
    MINISTACK_EDITION: token,
    STATE_DIR: path.join(data, "state"),
    S3_DATA_DIR: path.join(data, "s3"),
    ...(dataDir === undefined ? {} : { PERSIST_STATE: "1", S3_PERSIST: "1" }),
    // Listeners nobody uses here, which would be open to the network.
    SFTP_ENABLED: "0",
    IOT_MTLS_ENABLED: "0",
    // It would remove what it takes for its own containers.
    DOCKER_HOST: `unix://${path.join(temp, "no-docker")}`,
    ...env,
  };
}

/** Undefined as soon as the emulator is ready. */
async function whyNotReady(kept: KeptProcess, port: number, token: string): Promise<string | undefined> {
  const ended = kept.ended.then((how) => ({ how }));
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await delay(POLL_MS)) {
    const answer = await Promise.race([edition(port), ended]);
    if (typeof answer === "object") return answer.how;
    if (answer === token) return undefined;
  }
  return `no answer on port ${port} in ${READY_MS / 1000} seconds`;
}

/** What the health answer names as MINISTACK_EDITION: tells our emulator from another on the same port. */
async function edition(port: number): Promise<string | undefined> {
  try {
    const request = http.get({
      host: "127.0.0.1",
      port,
      path: "/_ministack/health",
      agent: false,
      timeout: 1000,
    });
    request.once("timeout", () => request.destroy());
    const response: http.IncomingMessage = (await once(request, "response"))[0];
    let body = "";
    for await (const chunk of response.setEncoding("utf8")) body += chunk;
    return JSON.parse(body).edition;
  } catch {
    return undefined;
  }
}

async function endOf(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-LOG_TAIL_LINES);
  return `The end of ${log}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
