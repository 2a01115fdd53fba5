import { changedInputs, digest, fingerprints } from "./fingerprint";
import type { Program } from "./program";
import type { AnyResourceHandler, Cloud, Place, Properties, Registration, Resource } from "./resource";

/** A resource as the deployment keeps it between evaluations and, with `--keep`, between starts. */
export interface DeployedResource extends Resource {
  /** Output properties that only the cloud knew. */
  readonly cloudOutputs: Properties;
  readonly fingerprints: Record<string, string>;
  /** Counts replacements: a replaced resource gets another generated name. */
  readonly generation: number;
}

/** What a program would make: its resources with the outputs as far as they can be known, and the stack's outputs. */
export interface Plan {
  readonly resources: readonly Resource[];
  readonly outputs: Properties;
}

export interface Changes {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
}

/** A resource could not be created, changed or deleted. */
export class ResourceFailed extends Error {
  constructor(verb: string, { name, type }: Registration, cause: unknown) {
    super(`${verb} ${name} (${type}) failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** The resources of one stack in the local cloud, brought in line with what its program says. */
export class Deployment {
  private resources = new Map<string, DeployedResource>();
  private outputs: Properties = {};

  constructor(
    private readonly program: Program,
    private readonly handlerOf: (type: string) => AnyResourceHandler,
    private readonly invoke: (token: string, inputs: Properties) => Promise<Properties>,
    private readonly place: Place,
  ) {}

  get state(): { resources: readonly DeployedResource[]; outputs: Properties } {
    return { resources: [...this.resources.values()], outputs: this.outputs };
  }

  /** Runs the program without touching the cloud. */
  async plan(): Promise<Plan> {
    const resources: Resource[] = [];
    const outputs = await this.program.evaluate(
      {
        invoke: this.invoke,
        register: async (registration) => {
          const { id, outputs } = registration.custom ? this.foresee(registration) : { id: "", outputs: {} };
          resources.push({ ...registration, id, outputs });
          return { id, outputs };
        },
      },
      true,
    );
    return { resources, outputs };
  }

  /** Takes up resources of an earlier start; those that are gone will be made anew. */
  async adopt(resources: readonly DeployedResource[], cloud: Cloud): Promise<void> {
    const present = await Promise.all(
      resources.map(async (resource) => {
        if (!resource.custom) {
          return resource;
        }
        const cloudOutputs = await this.handlerOf(resource.type).read(resource.id, resource.inputs, cloud);
        return cloudOutputs && { ...resource, cloudOutputs };
      }),
    );
    this.resources = new Map(present.flatMap((resource) => (resource ? [[resource.urn, resource]] : [])));
  }

  /** Runs the program and makes the cloud what it says: creates, changes, replaces, at the end deletes. */
  async apply(cloud: Cloud): Promise<Changes> {
    const created: string[] = [];
    const updated: string[] = [];
    const registered = new Set<string>();
    const replaced: DeployedResource[] = [];
    const outputs = await this.program.evaluate(
      {
        invoke: this.invoke,
        register: async (registration) => {
          registered.add(registration.urn);
          if (!registration.custom) {
            this.keep({
              ...registration,
              id: "",
              outputs: {},
              cloudOutputs: {},
              fingerprints: {},
              generation: 0,
            });
            return { outputs: {} };
          }
          const before = this.resources.get(registration.urn);
          const { resource, change } = await this.bring(registration, before, cloud);
          if (change === "create" || change === "replace") {
            created.push(registration.urn);
          } else if (change === "update") {
            updated.push(registration.urn);
          }
          if (before && change === "replace") {
            replaced.push(before);
          }
          this.keep(resource);
          return { id: resource.id, outputs: resource.outputs };
        },
      },
      false,
    );
    const gone = [...this.resources.values()].filter(({ urn }) => !registered.has(urn));
    for (const resource of [...replaced, ...gone.reverse()]) {
      await this.remove(resource, cloud);
    }
    for (const { urn } of gone) {
      this.resources.delete(urn);
    }
    this.outputs = outputs;
    return { created, updated, deleted: gone.map(({ urn }) => urn) };
  }

  private keep(resource: DeployedResource): void {
    // Re-inserted, so that the order stays that of registration and deletion can reverse it.
    this.resources.delete(resource.urn);
    this.resources.set(resource.urn, resource);
  }

  private async bring(
    registration: Registration,
    before: DeployedResource | undefined,
    cloud: Cloud,
  ): Promise<{ resource: DeployedResource; change: "create" | "replace" | "update" | "none" }> {
    const handler = this.handlerOf(registration.type);
    const finished = (
      inputs: Properties,
      id: string,
      cloudOutputs: Properties,
      prints: Record<string, string>,
      generation: number,
    ): DeployedResource => ({
      ...registration,
      inputs,
      id,
      cloudOutputs,
      fingerprints: prints,
      generation,
      outputs: { ...inputs, ...handler.outputs(id, inputs, this.place), ...cloudOutputs },
    });

    const generation = before?.generation ?? 0;
    const inputs = named(registration, handler, generation);
    const prints = await fingerprints(inputs);
    const changed = before ? changedInputs(before.fingerprints, prints) : [];
    if (before && changed.length === 0) {
      return {
        resource: finished(inputs, before.id, before.cloudOutputs, prints, generation),
        change: "none",
      };
    }
    if (before && handler.update && !changed.some((name) => isReplacing(handler, name))) {
      const cloudOutputs = await attempt("Changing", registration, () =>
        handler.update?.(before.id, inputs, before.inputs, cloud),
      );
      const merged = { ...before.cloudOutputs, ...cloudOutputs };
      return { resource: finished(inputs, before.id, merged, prints, generation), change: "update" };
    }
    const next = before ? generation + 1 : generation;
    const renamed = named(registration, handler, next);
    if (before && sameName(handler, renamed, before.inputs)) {
      await this.remove(before, cloud);
    }
    const made = await attempt("Creating", registration, () => handler.create(renamed, cloud));
    const resource = finished(renamed, made.id, made.outputs ?? {}, await fingerprints(renamed), next);
    return { resource, change: before && !sameName(handler, renamed, before.inputs) ? "replace" : "create" };
  }

  private async remove(resource: DeployedResource, cloud: Cloud): Promise<void> {
    if (!resource.custom) {
      return;
    }
    if (resource.protect) {
      throw new ResourceFailed("Deleting", resource, new Error("it is protected"));
    }
    const handler = this.handlerOf(resource.type);
    await attempt("Deleting", resource, () => handler.delete(resource.id, resource.inputs, cloud));
  }

  /** The id and outputs a resource has, or would have. */
  private foresee(registration: Registration): { id: string; outputs: Properties } {
    const handler = this.handlerOf(registration.type);
    const before = this.resources.get(registration.urn);
    const inputs = named(registration, handler, before?.generation ?? 0);
    const name = handler.nameProperty === undefined ? undefined : inputs[handler.nameProperty];
    const id = before?.id ?? (typeof name === "string" ? name : generatedName(registration, 0));
    return {
      id,
      outputs: { ...inputs, ...handler.outputs(id, inputs, this.place), ...before?.cloudOutputs },
    };
  }
}

async function attempt<T>(verb: string, registration: Registration, work: () => Promise<T> | undefined) {
  try {
    return (await work()) as T;
  } catch (error) {
    throw new ResourceFailed(verb, registration, error);
  }
}

function isReplacing(handler: AnyResourceHandler, input: string): boolean {
  return handler.nameProperty === input || (handler.replaceOn ?? []).includes(input);
}

function sameName({ nameProperty }: AnyResourceHandler, a: Properties, b: Properties): boolean {
  return nameProperty === undefined || a[nameProperty] === b[nameProperty];
}

/** The inputs with the physical name filled in, as the AWS provider does. */
function named(registration: Registration, handler: AnyResourceHandler, generation: number): Properties {
  const { nameProperty, nameSuffix } = handler;
  const { inputs } = registration;
  if (nameProperty === undefined || inputs[nameProperty] !== undefined) {
    return inputs;
  }
  return {
    ...inputs,
    [nameProperty]: generatedName(registration, generation) + (nameSuffix?.(inputs) ?? ""),
  };
}

/** `<logical name>-<7 hex digits>`, the same each time, so that a plan and its deployment agree. */
function generatedName({ urn, name }: Registration, generation: number): string {
  return `${name}-${digest(`${urn}#${generation}`).slice(0, 7)}`;
}
