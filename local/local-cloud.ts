import * as fs from "node:fs";
import * as path from "node:path";
import { handlerOf } from "./aws";
import { checkGraph, type Finding } from "./checks";
import { type DemoUser, seedDemoUsers } from "./demo-user";
import { Emulator } from "./emulator";
import { connectCloud } from "./engine/cloud";
import { Deployment } from "./engine/deployment";
import { Program } from "./engine/program";
import type { Cloud, Properties, Resource } from "./engine/resource";
import { readState, writeState } from "./engine/state";
import type { Changes } from "./engine/update";
import { type OpenFrontDoor, openFrontDoor } from "./front-door";
import { apiDescriptions } from "./front-door/api-descriptions";
import { PolicyPack, type Violation } from "./policy";
import type { Project } from "./project";

/** Account id of the emulator's root user. */
const account = "000000000000";

export interface LocalCloudOptions {
  readonly project: Project;
  /** Folder for outputs, records, logs and data. */
  readonly stateDir: string;
  /** Port of the front door; absent, any that is free. */
  readonly port?: number;
  readonly keep: boolean;
  /** Gets a line for each step. */
  readonly progress: (message: string) => void;
  /** Called once when the emulator ends without being asked to. */
  readonly onExit: (reason: string) => void;
}

/** What the program says may not be deployed; nothing was created or changed. */
export class Refused extends Error {
  constructor(violations: readonly Violation[], findings: readonly Finding[]) {
    const lines = [
      ...violations.map(
        ({ rule, urn, message }) => `  policy ${rule}${urn ? ` on ${nameOf(urn)}` : ""}\n    ${message}`,
      ),
      ...findings.map(
        ({ name, type, problem, fix }) => `  ${name} (${type})\n    ${problem}\n    Fix: ${fix}`,
      ),
    ];
    super(`The program is refused; nothing was created or changed.\n${lines.join("\n")}`);
  }
}

/** The local cloud of one stack: the emulator, the front door before it, and the program's resources in it. */
export class LocalCloud {
  users: readonly DemoUser[] = [];
  private closing: Promise<void> | undefined;

  private constructor(
    readonly frontDoor: OpenFrontDoor,
    private readonly program: Program,
    private readonly deployment: Deployment,
    private readonly emulator: Promise<Emulator>,
    private readonly pack: Promise<PolicyPack>,
    private readonly cloud: Cloud,
    private readonly options: LocalCloudOptions,
  ) {}

  get address(): string {
    return this.frontDoor.door.address;
  }
  get resources(): readonly Resource[] {
    return this.deployment.state.resources;
  }
  get outputs(): Properties {
    return this.deployment.state.outputs;
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

    const frontDoor = await openFrontDoor({ port, recordFile: path.join(stateDir, "calls.jsonl") });
    const place = { region: project.region, account, endpoint: frontDoor.door.address };
    const cloud = connectCloud(place);
    const program = new Program(project);
    const deployment = new Deployment(program, handlerOf, invoke, place);
    const emulator = Emulator.start({
      stateDir,
      endpoint: place.endpoint,
      region: place.region,
      keep,
      progress,
      onExit,
    });
    const pack = PolicyPack.start(path.join(__dirname, "..", "policy"));
    // Awaited later; until then a failure must not end the process.
    emulator.catch(() => {});
    pack.catch(() => {});

    const local = new LocalCloud(frontDoor, program, deployment, emulator, pack, cloud, options);
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
    progress("Reading the program");
    const plan = await this.deployment.plan();
    progress(`Checking ${plan.resources.length} resources against policies and permissions`);
    await this.check(plan.resources);
    await this.connected();
    progress("Deploying");
    try {
      return await this.deployment.apply(plan, this.cloud);
    } finally {
      this.publish();
    }
  }

  /** Ends everything that was started. */
  stop(): Promise<void> {
    this.closing ??= this.close();
    return this.closing;
  }

  private async close(): Promise<void> {
    const [emulator, pack] = await Promise.allSettled([this.emulator, this.pack]);
    await Promise.allSettled([
      emulator.status === "fulfilled" ? emulator.value.stop() : undefined,
      pack.status === "fulfilled" ? pack.value.close() : undefined,
    ]);
    await this.frontDoor.door.stop();
  }

  private async takeUp(): Promise<void> {
    const resources = readState(this.options.stateDir);
    if (resources.length > 0) {
      await this.connected();
      this.options.progress(`Taking up ${resources.length} resources of the last start`);
      await this.deployment.adopt(resources, this.cloud);
    }
  }

  private async connected(): Promise<void> {
    const { address } = await this.emulator;
    this.frontDoor.door.connect(address);
  }

  private async check(resources: readonly Resource[]): Promise<void> {
    const { name, stack, config, secretKeys } = this.options.project;
    const pack = await this.pack;
    const violations = await pack.check(resources, {
      project: name,
      stack,
      values: { ...config },
      secretKeys: [...secretKeys],
    });
    const findings = checkGraph(resources);
    const mandatory = violations.filter(({ level }) => level === "mandatory");
    if (mandatory.length > 0 || findings.length > 0) {
      throw new Refused(mandatory, findings);
    }
    for (const { rule, urn, message } of violations) {
      this.options.progress(`Advice of ${rule}${urn ? ` on ${nameOf(urn)}` : ""}: ${message}`);
    }
  }

  /** Tells the front door and the files in the state folder what is deployed now. */
  private publish(): void {
    const { resources, outputs } = this.deployment.state;
    for (const { type, outputs: properties } of resources) {
      if (type === "aws:lambda/function:Function") {
        this.frontDoor.callers.learn(String(properties.arn), String(properties.role));
      }
    }
    this.frontDoor.throttle.configure(apiDescriptions(resources));
    this.write("outputs.json", outputs);
    writeState(this.options.stateDir, resources);
  }

  private write(file: string, content: unknown, mode = 0o644): void {
    fs.writeFileSync(path.join(this.options.stateDir, file), `${JSON.stringify(content, null, 2)}\n`, {
      mode,
    });
  }
}

async function invoke(token: string): Promise<Properties> {
  throw new Error(`The local cloud has no answer to ${token}; add one to local/local-cloud.ts`);
}

const nameOf = (urn: string) => urn.split("::").at(-1);
