import * as fs from "node:fs";
import * as path from "node:path";
import { handlerOf } from "./aws";
import { answerInvoke } from "./aws/invokes";
import { CacheServer, withCaches } from "./cache";
import { Completions, withCompletions } from "./completions";
import { type DemoUser, seedDemoUsers } from "./demo-user";
import { Emulator } from "./emulator";
import { connectCloud } from "./engine/cloud";
import { Deployment } from "./engine/deployment";
import { Program } from "./engine/program";
import type { Cloud, Properties, Resource } from "./engine/resource";
import { readState, writeState } from "./engine/state";
import type { Changes } from "./engine/update";
import { type OpenFrontDoor, openFrontDoor } from "./front-door";
import { apiDescriptions, mappedHosts } from "./front-door/api-descriptions";
import { restStages } from "./front-door/rest-stages";
import { judge } from "./judge";
import { PolicyPack } from "./policy";
import { type Project, readProject } from "./project";
import { LocalSql } from "./sql";
import { putSecrets, readStandIns, type StandIns, startStandIns } from "./stand-ins";

/** Account id of the emulator's root user. */
const account = "000000000000";

export interface LocalCloudOptions {
  readonly project: Project;
  /** Folder for outputs, records, logs and data. */
  readonly stateDir: string;
  /** Port of the front door; absent, any that is free. */
  readonly port?: number;
  readonly keep: boolean;
  /** Address of a PostgreSQL server for the program's cluster. @default one of its own for each cluster */
  readonly postgres?: string;
  /** Gets a line for each step. */
  readonly progress: (message: string) => void;
  /** Called once when the emulator ends without being asked to. */
  readonly onExit: (reason: string) => void;
}

/** Changes of a project that a running cloud cannot follow. */
export class RestartNeeded extends Error {}

/** The local cloud of one stack: the emulator, the front door before it, and the program's resources in it. */
export class LocalCloud {
  users: readonly DemoUser[] = [];
  private closing: Promise<void> | undefined;
  private connecting: Promise<void> | undefined;
  /** What the judges have last passed. */
  private judged = "";
  private readonly program: Program;
  private readonly deployment: Deployment;

  private constructor(
    readonly frontDoor: OpenFrontDoor,
    private readonly completions: Completions,
    private readonly caches: CacheServer,
    private readonly sql: LocalSql,
    /** What stands in for the services of others. */
    readonly standIns: StandIns,
    private readonly emulator: Promise<Emulator>,
    private readonly pack: Promise<PolicyPack>,
    private readonly cloud: Cloud,
    private project: Project,
    private readonly options: LocalCloudOptions,
  ) {
    this.program = new Program(project);
    const invoke = async (token: string, inputs: Properties) => {
      await this.connected();
      return answerInvoke(token, inputs, cloud);
    };
    this.deployment = new Deployment(this.program, handlerOf, invoke, cloud);
  }

  get address(): string {
    return this.frontDoor.door.address;
  }
  get resources(): readonly Resource[] {
    return this.deployment.resources;
  }
  get outputs(): Properties {
    return this.deployment.outputs;
  }
  /** Files whose change calls for another `deploy`. */
  get files(): readonly string[] {
    return this.program.files;
  }

  /**
   * Starts everything and deploys the program.
   * @throws Refused, ResourceFailed, and whatever keeps a part from starting; nothing is left running then.
   */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const { project, stateDir, port, keep, progress, onExit } = options;
    fs.mkdirSync(stateDir, { recursive: true });

    const completions = new Completions();
    const caches = new CacheServer({ stateDir, progress });
    const sql = new LocalSql({
      dataDir: path.join(keep ? keptFolder(options) : stateDir, "sql"),
      keep,
      log: path.join(stateDir, "sql.log"),
      address: options.postgres,
    });
    const frontDoor = await openFrontDoor({
      port,
      recordFile: path.join(stateDir, "calls.jsonl"),
      callers: completions.callers,
      addresses: [...completions.interceptors, ...caches.interceptors, sql],
    });
    const place = withCompletions({ region: project.region, account, endpoint: frontDoor.door.address });
    const emulator = Emulator.start({
      stateDir,
      endpoint: place.endpoint,
      region: place.region,
      dataDir: keep ? path.join(keptFolder(options), "data") : undefined,
      progress,
      onExit,
      env: { NODE_EXTRA_CA_CERTS: caches.authorityFile },
    });
    const pack = PolicyPack.start(path.join(__dirname, "..", "policy"));
    // Awaited later; until then a failure must not end the process.
    emulator.catch(() => {});
    pack.catch(() => {});

    let standIns: StandIns;
    let cloud: Cloud;
    try {
      cloud = connectCloud(withCaches(place, await caches.start(place.endpoint)), frontDoor.deployerToken);
      standIns = await startStandIns(readStandIns(project.directory, project.stack));
    } catch (error) {
      await Promise.all([end(frontDoor, completions, emulator, pack), caches.stop()]);
      throw error;
    }
    const local = new LocalCloud(
      frontDoor,
      completions,
      caches,
      sql,
      standIns,
      emulator,
      pack,
      cloud,
      withConfig(project, standIns),
      options,
    );
    try {
      if (keep) {
        await local.takeUp();
      }
      await local.deploy();
      local.users = await seedDemoUsers(local.resources, cloud);
      local.write("demo-users.json", local.users, 0o600);
      return local;
    } catch (error) {
      await local.stop();
      throw error;
    }
  }

  /** Brings the cloud in line with the program as it is now. A refused program changes nothing. */
  async deploy(): Promise<Changes> {
    const { progress } = this.options;
    this.configure();
    progress("Reading the program");
    const plan = await this.deployment.plan();
    this.sql.check(plan.resources);
    // Judges look at everything but the contents of code, which a saved handler changes alone.
    const judged = JSON.stringify([
      this.project.config,
      plan.resources.map(({ urn, parent, protect, id, inputs }) => [urn, parent, protect, id, inputs]),
    ]);
    if (judged !== this.judged) {
      progress(`Checking ${plan.resources.length} resources against policies and permissions`);
      await judge(plan.resources, this.project, await this.pack, progress);
      this.judged = judged;
    }
    await this.connected();
    progress("Deploying");
    this.caches.prepare(plan.resources);
    try {
      const changes = await this.deployment.apply(plan, this.cloud);
      await this.caches.configure(this.resources);
      return changes;
    } finally {
      this.publish();
    }
  }

  /** Takes up what the project's files say now. */
  private configure(): void {
    const { directory, stack, name, region } = this.project;
    const project = readProject(directory, stack);
    if (project.name !== name || project.region !== region) {
      throw new RestartNeeded(`The project's name or region has changed; stop and start again`);
    }
    this.project = withConfig(project, this.standIns);
    this.program.configure(this.project);
  }

  /** Ends everything that was started. */
  stop(): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
  }

  private async close(): Promise<void> {
    await Promise.all([
      end(this.frontDoor, this.completions, this.emulator, this.pack),
      this.caches.stop(),
      this.sql.stop(),
    ]);
    await this.standIns.stop();
  }

  private async takeUp(): Promise<void> {
    const state = readState(keptFolder(this.options));
    if (state.resources.size > 0) {
      await this.connected();
      this.options.progress(`Taking up ${state.resources.size} resources of the last start`);
      await this.deployment.adopt(state, this.cloud);
      this.sql.configure(this.resources);
      this.completions.configure(this.resources);
    }
  }

  private connected(): Promise<void> {
    this.connecting ??= this.connect();
    return this.connecting;
  }

  private async connect(): Promise<void> {
    const { address, doorToken } = await this.emulator;
    this.frontDoor.door.connect(address, doorToken);
    const { region, endpoint = this.address } = this.cloud;
    this.frontDoor.rest.connect({ region, endpoint, emulatorAddress: address }, this.completions.callers);
    await this.completions.connect({ region, account, endpoint, emulatorAddress: address });
    await putSecrets(this.standIns.secrets, this.cloud);
  }

  /** Tells the front door and the files in the state folder what is deployed now. */
  private publish(): void {
    const { resources, outputs, state } = this.deployment;
    for (const { type, outputs: properties } of resources) {
      if (type === "aws:lambda/function:Function") {
        this.frontDoor.callers.learn(String(properties.arn), String(properties.role));
      }
    }
    this.frontDoor.guard.allowHosts(mappedHosts(resources));
    this.frontDoor.throttle.configure(apiDescriptions(resources));
    this.frontDoor.rest.configure(restStages(resources));
    this.completions.configure(resources);
    this.write("outputs.json", outputs);
    if (this.options.keep) {
      writeState(keptFolder(this.options), state);
    }
  }

  private write(file: string, content: unknown, mode = 0o644): void {
    fs.writeFileSync(path.join(this.options.stateDir, file), `${JSON.stringify(content, null, 2)}\n`, {
      mode,
    });
  }
}

async function end(
  { door }: OpenFrontDoor,
  completions: Completions,
  ...starting: [Promise<Emulator>, Promise<PolicyPack>]
): Promise<void> {
  completions.stop();
  const [emulator, pack] = await Promise.allSettled(starting);
  await Promise.allSettled([
    emulator.status === "fulfilled" ? emulator.value.stop() : undefined,
    pack.status === "fulfilled" ? pack.value.close() : undefined,
  ]);
  await door.stop();
}

/** The project as it is told where its stand-ins are. */
function withConfig(project: Project, { config }: StandIns): Project {
  return { ...project, config: { ...project.config, ...config } };
}

/** What `--keep` keeps of a stack: others, and starts without it, do not touch it. */
function keptFolder({ stateDir, project: { name, stack } }: LocalCloudOptions): string {
  return path.join(stateDir, "kept", `${name}-${stack}`);
}
