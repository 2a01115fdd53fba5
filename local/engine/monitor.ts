import * as pulumi from "@pulumi/pulumi";
import * as resproto from "@pulumi/pulumi/proto/resource_pb";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";
import type * as empty from "google-protobuf/google/protobuf/empty_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import { type Child, type Construct, childOf, type Made } from "./remote";
import type { Properties, Registration } from "./resource";
import { openSecrets } from "./secret";

type Reply<T> = (error: Error | null, response?: T) => void;

const stackType = "pulumi:pulumi:Stack";

/** How the SDK asks for a resource that it got as an output of another. */
const getResource = "pulumi:pulumi:getResource";

/** What a program registers resources with, and calls provider functions on. */
export interface Registrar {
  /** Answers the resource's id (components have none) and output properties. */
  register(registration: Registration): Promise<{ id?: string; outputs: Properties }>;
  /** A provider function such as `aws:index/getRegion:getRegion`. */
  invoke(token: string, inputs: Properties): Promise<Properties>;
}

/**
 * The resource monitor that the Pulumi SDK talks to, in this process: the part of the engine a program sees.
 * A registration that fails is never answered: the program is given up, and `failed` tells why.
 */
export class Monitor {
  readonly failed: Promise<never>;
  private fail: (error: unknown) => void = () => {};
  private hasFailed = false;
  private readonly running = new Set<Promise<void>>();
  /** By URN; null while it is being made. */
  private readonly seen = new Map<string, Made | null>();
  private readonly prefix: string;

  constructor(
    private readonly registrar: Registrar,
    project: string,
    stack: string,
    preview: boolean,
    private readonly construct: Construct = async ({ type, name }) => {
      throw new Error(`${name} (${type}): nothing here makes components of a plugin`);
    },
  ) {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
    this.prefix = `urn:pulumi:${stack}::${project}::`;
    setMockOptions(this, project, stack, preview);
  }

  registerResource(
    request: resproto.RegisterResourceRequest,
    reply: Reply<resproto.RegisterResourceResponse>,
  ) {
    this.answer(reply, async () => {
      const registration = this.registrationOf(request);
      const made = await this.make(registration);
      const outputs = request.getRemote()
        ? await this.construct(registration, (child) => this.makeChild(registration, child))
        : made.outputs;
      const response = new resproto.RegisterResourceResponse();
      response.setUrn(made.urn);
      response.setId(made.id);
      response.setObject(await toStruct(outputs));
      return response;
    });
  }

  registerResourceOutputs(_: resproto.RegisterResourceOutputsRequest, reply: Reply<object>) {
    reply(null, {});
  }

  invoke(request: resproto.ResourceInvokeRequest, reply: Reply<unknown>) {
    this.answer(reply, async () => {
      const inputs = pulumi.runtime.deserializeProperties(request.getArgs() ?? new struct.Struct());
      const result =
        request.getTok() === getResource
          ? this.stateOf(String(inputs.urn))
          : await this.registrar.invoke(request.getTok(), openSecrets(inputs).opened);
      const response = new resproto.RegisterResourceResponse();
      const object = await toStruct(result);
      return Object.assign(response, { getReturn: () => object, getFailuresList: () => [] });
    });
  }

  readResource(request: resproto.ReadResourceRequest, reply: Reply<never>) {
    this.answer(reply, async () => {
      throw new Error(
        `${request.getType()} ${request.getName()}: the local cloud has nothing that was made elsewhere to read`,
      );
    });
  }

  supportsFeature(_: resproto.SupportsFeatureRequest, reply: Reply<{ getHassupport(): boolean }>) {
    reply(null, { getHassupport: () => false });
  }

  getDeploymentInfo(_: empty.Empty, reply: Reply<resproto.DeploymentInfo>) {
    const info = new resproto.DeploymentInfo();
    info.setSupportedfeaturesList([resproto.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS]);
    reply(null, info);
  }

  /** Gives the program up: nothing more is begun for it. */
  giveUp(): void {
    this.hasFailed = true;
  }

  /** Resolves once nothing that was begun is under way any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.allSettled(this.running);
    }
  }

  private answer<T>(reply: Reply<T>, work: () => Promise<T>): void {
    // What a given-up program still asks for is not begun: nobody would know of it.
    if (this.hasFailed) {
      return;
    }
    const job = work()
      .then((response) => reply(null, response))
      .catch((error) => {
        this.hasFailed = true;
        this.fail(error);
      })
      .finally(() => this.running.delete(job));
    this.running.add(job);
  }

  private async make(registration: Registration): Promise<Made> {
    const { urn } = registration;
    if (this.seen.has(urn)) {
      throw new Error(`Duplicate resource ${urn}: two resources of a type need different names`);
    }
    this.seen.set(urn, null);
    const { id = "", outputs } = await this.registrar.register(registration);
    const made = { urn, id, outputs };
    this.seen.set(urn, made);
    return made;
  }

  private async makeChild(component: Registration, child: Child): Promise<Made> {
    if (this.hasFailed) {
      throw new Error(`${child.name} is not begun: the program is given up`);
    }
    return this.make(childOf(component, child));
  }

  private stateOf(urn: string): Properties {
    const made = this.seen.get(urn);
    if (!made) {
      throw new Error(`The program asks for ${urn}, which it has not made`);
    }
    return { urn, id: made.id, state: made.outputs };
  }

  private registrationOf(request: resproto.RegisterResourceRequest): Registration {
    const type = request.getType();
    if (request.getImportid() !== "") {
      throw new Error(
        `${request.getName()} (${type}): \`import\` has no meaning in a local cloud, which starts empty`,
      );
    }
    const parent = request.getParent();
    const parentType = parent.slice(this.prefix.length).split("::")[0] ?? "";
    const qualified = parent === "" || parentType === stackType ? type : `${parentType}$${type}`;
    const propertyDependencies: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((dependencies, property) => {
      propertyDependencies[property] = dependencies.getUrnsList();
    });
    const { opened: inputs, secrets } = openSecrets(
      pulumi.runtime.deserializeProperties(request.getObject() ?? new struct.Struct()),
    );
    return {
      urn: `${this.prefix}${qualified}::${request.getName()}`,
      type,
      name: request.getName(),
      custom: request.getCustom(),
      parent: parent === "" ? undefined : parent,
      dependencies: request.getDependenciesList(),
      propertyDependencies,
      inputs,
      secrets,
      protect: request.getProtect() ?? false,
      options: {
        aliases: request.getAliasurnsList(),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        retainOnDelete: request.getRetainondelete() ?? false,
      },
    };
  }
}

async function toStruct(properties: Properties): Promise<struct.Struct> {
  const serialised = await pulumi.runtime.serializeProperties("", properties);
  return struct.Struct.fromJavaScript(serialised);
}
