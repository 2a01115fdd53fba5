import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import type { Readable, Writable } from "node:stream";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { asset } from "@pulumi/pulumi";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { serializeProperties } from "@pulumi/pulumi/runtime";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties, Resource } from "./engine/resource";

/** What a policy pack has against a resource, or against the stack when there is no `urn`. */
export interface Violation {
  readonly rule: string;
  /** A mandatory one stops a deployment. */
  readonly level: "mandatory" | "advisory";
  readonly urn?: string;
  /** What is wrong, with what, and how to mend it. */
  readonly message: string;
  /** What holds when the rule is kept. */
  readonly description: string;
}

/** A stack's configuration. */
export interface StackConfig {
  readonly project: string;
  readonly stack: string;
  /** Full key such as `gallery:domain` → plain text, of secrets too. */
  readonly values: Readonly<Record<string, string>>;
  /** Full keys of the values which the stack's file keeps encrypted. */
  readonly secretKeys: readonly string[];
}

/** Rule → its settings: what the file of `pulumi preview --policy-pack-config` holds. */
export type PackConfig = Readonly<
  Record<
    string,
    { readonly enforcementLevel?: keyof typeof levels } & Readonly<Record<string, JavaScriptValue>>
  >
>;

/** There is no pack, or it ended before it served, or did not come to serve. */
export class PolicyPackStartError extends Error {
  override readonly name = "PolicyPackStartError";

  constructor(packDir: string, why: string, output = "") {
    super(`The policy pack in ${packDir} ${why}.${output && ` What it printed:\n${output}`}`.trimEnd());
  }
}

/** A rule threw, or the pack ended while it was asked. */
export class PolicyPackCallError extends Error {
  override readonly name = "PolicyPackCallError";

  constructor(packDir: string, cause: ServiceError, output: string) {
    super(`The policy pack in ${packDir} failed: ${cause.details}\n${output}`.trimEnd(), { cause });
  }
}

const levels = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
};

/** It starts in two seconds of an idle processor; on a busy machine, many starts may share one. */
const startTimeoutMs = 120_000;

/** The pack takes the address to log to, and never does. */
const noEngine = "127.0.0.1:0";

/** Runs a module, with the arguments after it, but no longer than somebody holds the other end of stdin. */
const whileParentLives =
  "process.stdin.on('end', () => process.exit()).resume().unref(); require(process.argv[1]);";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A CrossGuard policy pack, run as Pulumi's engine runs it: as a process which answers the analyzer protocol.
 * The process ends with `close`, and with this process.
 */
export class PolicyPack {
  private constructor(
    private readonly packDir: string,
    private readonly child: Child,
    private readonly client: AnalyzerClient,
    private readonly output: readonly string[],
  ) {}

  /**
   * @param config settings of rules such as exemptions. Default: those the pack comes with.
   * @throws PolicyPackStartError with what the pack printed, when it does not come to serve.
   */
  static async start(packDir: string, config: PackConfig = {}): Promise<PolicyPack> {
    const cwd = path.resolve(packDir);
    if (!existsSync(path.join(cwd, "PulumiPolicy.yaml"))) {
      throw new PolicyPackStartError(cwd, "is none, for lack of a PulumiPolicy.yaml");
    }
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, ["-e", whileParentLives, runner, noEngine, "."], {
      cwd,
      stdio: "pipe",
    });
    const output: string[] = [];
    const port = await firstLine(cwd, child, output);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
    const pack = new PolicyPack(cwd, child, client, output);
    try {
      await pack.configure(config);
    } catch (error) {
      await pack.close();
      throw error;
    }
    return pack;
  }

  /**
   * Asks the pack about each custom resource, and about the stack as a whole.
   *
   * @throws PolicyPackCallError when a rule throws.
   */
  async check(resources: readonly Resource[], config: StackConfig): Promise<Violation[]> {
    await this.configureStack(config);
    const answers = await Promise.all([
      ...resources.filter(({ custom }) => custom).map((resource) => this.analyze(resource)),
      this.analyzeStack(resources),
    ]);
    return answers.flat();
  }

  async close(): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.stdin.end();
    await once(this.child, "exit");
  }

  private async configure(config: PackConfig): Promise<void> {
    const info = await this.call<proto.AnalyzerInfo>((done) =>
      this.client.getAnalyzerInfo(new Empty(), done),
    );
    const request = new proto.ConfigureAnalyzerRequest();
    for (const policy of info.getPoliciesList()) {
      const { enforcementLevel, ...properties } = config[policy.getName()] ?? {};
      const settings = new proto.PolicyConfig();
      settings.setEnforcementlevel(
        enforcementLevel ? levels[enforcementLevel] : policy.getEnforcementlevel(),
      );
      settings.setProperties(Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(policy.getName(), settings);
    }
    await this.call<Empty>((done) => this.client.configure(request, done));
  }

  private async configureStack({ project, stack, values, secretKeys }: StackConfig): Promise<void> {
    const request = new proto.AnalyzerStackConfigureRequest()
      .setProject(project)
      .setStack(stack)
      .setDryRun(true)
      .setConfigSecretKeysList([...secretKeys]);
    for (const [key, value] of Object.entries(values)) request.getConfigMap().set(key, value);
    await this.call<proto.AnalyzerStackConfigureResponse>((done) =>
      this.client.configureStack(request, done),
    );
  }

  /** A resource is judged by its inputs, before it is made. */
  private async analyze(resource: Resource): Promise<Violation[]> {
    const request = new proto.AnalyzeRequest()
      .setType(resource.type)
      .setUrn(resource.urn)
      .setName(resource.name)
      .setProperties(await struct(resource.inputs))
      .setOptions(options(resource));
    const answer = await this.call<proto.AnalyzeResponse>((done) => this.client.analyze(request, done));
    return answer.getDiagnosticsList().map((diagnostic) => violation(diagnostic, resource.urn));
  }

  /** A stack is judged by what its resources came to be, or in a plan would. */
  private async analyzeStack(resources: readonly Resource[]): Promise<Violation[]> {
    const request = new proto.AnalyzeStackRequest().setResourcesList(
      await Promise.all(resources.map(analyzerResource)),
    );
    const answer = await this.call<proto.AnalyzeResponse>((done) => this.client.analyzeStack(request, done));
    return answer.getDiagnosticsList().map((diagnostic) => violation(diagnostic, diagnostic.getUrn()));
  }

  private call<Answer>(
    send: (done: (error: ServiceError | null, answer: Answer) => void) => unknown,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      send((error, answer) =>
        error ? reject(new PolicyPackCallError(this.packDir, error, this.output.join(""))) : resolve(answer),
      );
    });
  }
}

/** The port, which is the first line a pack prints. What it prints besides is kept for error messages. */
function firstLine(packDir: string, child: Child, output: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let isServing = false;
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill();
      reject(new PolicyPackStartError(packDir, why, output.join("")));
    };
    // This process may itself have been busy all the time: what the pack has printed meanwhile is read first.
    const timer = setTimeout(
      () => setImmediate(() => !isServing && fail(`did not start in ${startTimeoutMs / 1000} s`)),
      startTimeoutMs,
    );
    child.stderr.setEncoding("utf8").on("data", (text: string) => output.push(text));
    child.once("error", ({ message }) => fail(`cannot be run: ${message}`));
    child.once("close", (code) => fail(`ended with exit code ${code} before it served`));
    readline.createInterface(child.stdout).once("line", (line) => {
      if (!/^\d+$/.test(line)) return fail(`printed '${line}' where its port was due`);
      isServing = true;
      clearTimeout(timer);
      resolve(Number(line));
    });
  });
}

async function analyzerResource(resource: Resource): Promise<proto.AnalyzerResource> {
  const { urn, type, name, parent, dependencies, propertyDependencies, inputs, outputs, id } = resource;
  const message = new proto.AnalyzerResource()
    .setUrn(urn)
    .setType(type)
    .setName(name)
    .setProperties(await struct({ ...inputs, ...outputs, ...(id && { id }) }))
    .setOptions(options(resource))
    .setParent(parent ?? "")
    .setDependenciesList([...dependencies]);
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    message
      .getPropertydependenciesMap()
      .set(property, new proto.AnalyzerPropertyDependencies().setUrnsList([...urns]));
  }
  return message;
}

function options({ parent, protect }: Resource): proto.AnalyzerResourceOptions {
  return new proto.AnalyzerResourceOptions().setParent(parent ?? "").setProtect(protect);
}

/** Properties as the engine sends them: assets and archives as signed objects, secrets in plain text. */
async function struct(properties: Properties): Promise<Struct> {
  const light = Object.entries(properties).map(([key, value]) => [key, withoutContents(value)]);
  return Struct.fromJavaScript(await serializeProperties("policy", Object.fromEntries(light)));
}

/** That there is code matters to rules, not which: to send it would take four fifths of a check. */
function withoutContents(value: unknown): unknown {
  if (asset.Archive.isInstance(value)) return new asset.FileArchive("contents-left-out");
  if (asset.Asset.isInstance(value)) return new asset.FileAsset("contents-left-out");
  return value;
}

function violation(diagnostic: proto.AnalyzeDiagnostic, urn: string): Violation {
  const description = diagnostic.getDescription();
  const message = diagnostic.getMessage();
  const advisory = diagnostic.getEnforcementlevel() === proto.EnforcementLevel.ADVISORY;
  return {
    rule: diagnostic.getPolicyname(),
    level: advisory ? "advisory" : "mandatory",
    ...(urn && { urn }),
    // The pack's server puts the description in front of what the rule reports.
    message: message.startsWith(`${description}\n`) ? message.slice(description.length + 1) : message,
    description,
  };
}
