import { isDeepStrictEqual } from "node:util";
import { changedInputs, fingerprints } from "./fingerprint";
import { named } from "./name";
import type { AnyResourceHandler, Cloud, Properties, Registration, Resource } from "./resource";

/** A resource as it is kept between evaluations and, with `--keep`, between starts. */
export interface DeployedResource extends Resource {
  /** Output properties that only the cloud knew. */
  readonly cloudOutputs: Properties;
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Counts replacements: a replaced resource gets another generated name. */
  readonly generation: number;
}

/** What an update did, by URN. */
export interface Changes {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
}

/** A resource could not be created, changed or deleted. */
export class ResourceFailed extends Error {
  constructor(verb: string, { name, type }: Registration, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${verb} ${name} (${type}) failed: ${reason}`, { cause });
  }
}

/** One update of a stack's resources: each is registered once, and `finish` deletes those that were not. */
export class Update {
  /** Values that outputs had before a change in place, as JSON: what the plan made of them is out of date. */
  readonly outdated: string[] = [];
  private readonly created: string[] = [];
  private readonly updated: string[] = [];
  private readonly registered = new Set<string>();
  private readonly replaced: DeployedResource[] = [];

  /** `resources` by URN are brought up to date as the update goes, so that they are true whenever it ends. */
  constructor(
    private readonly resources: Map<string, DeployedResource>,
    private readonly handlerOf: (type: string) => AnyResourceHandler,
    private readonly cloud: Cloud,
  ) {}

  /** Whether everything planned is there and needs at most changes in place. */
  async isInPlace(planned: readonly Registration[]): Promise<boolean> {
    const checks = planned
      .filter(({ custom }) => custom)
      .map(async (registration) => {
        const before = this.resources.get(registration.urn);
        return before !== undefined && (await this.compare(registration, before)).how !== "replace";
      });
    return (await Promise.all(checks)).every(Boolean);
  }

  /** Creates, changes or replaces the resource as its inputs ask; answers its id and outputs. */
  async register(registration: Registration): Promise<{ id?: string; outputs: Properties }> {
    const { urn, custom } = registration;
    this.registered.add(urn);
    if (!custom) {
      this.keep({ ...registration, id: "", outputs: {}, cloudOutputs: {}, fingerprints: {}, generation: 0 });
      return { outputs: {} };
    }
    const before = this.resources.get(urn);
    const resource = before ? await this.bring(registration, before) : await this.create(registration, 0);
    this.keep(resource);
    return { id: resource.id, outputs: resource.outputs };
  }

  /** Deletes what was replaced or is no longer registered, dependents first. */
  async finish(): Promise<Changes> {
    const gone = [...this.resources.values()].filter(({ urn }) => !this.registered.has(urn)).reverse();
    for (const resource of [...this.replaced, ...gone]) {
      await this.remove(resource);
    }
    for (const { urn } of gone) {
      this.resources.delete(urn);
    }
    return { created: this.created, updated: this.updated, deleted: gone.map(({ urn }) => urn) };
  }

  private keep(resource: DeployedResource): void {
    // Re-inserted, so that the order stays that of registration and deletion can reverse it.
    this.resources.delete(resource.urn);
    this.resources.set(resource.urn, resource);
  }

  private async compare(registration: Registration, before: DeployedResource) {
    const handler = this.handlerOf(registration.type);
    const inputs = named(registration, handler, before.generation);
    const changed = changedInputs(before.fingerprints, await fingerprints(inputs));
    const { replaceOn = [], update } = handler;
    const inPlace = update !== undefined && !changed.some((input) => replaceOn.includes(input));
    const how = changed.length === 0 ? "keep" : inPlace ? "change" : "replace";
    return { handler, inputs, how };
  }

  private async bring(registration: Registration, before: DeployedResource): Promise<DeployedResource> {
    const { handler, inputs, how } = await this.compare(registration, before);
    const { id, generation, cloudOutputs } = before;
    if (how === "keep") {
      return this.deployed(registration, inputs, id, cloudOutputs, generation);
    }
    if (how === "change") {
      const answer = await attempt("Changing", registration, async () =>
        handler.update?.(id, inputs, before.inputs, this.cloud),
      );
      for (const [name, value] of Object.entries(answer ?? {})) {
        if (!isDeepStrictEqual(value, cloudOutputs[name])) {
          this.outdated.push(JSON.stringify(cloudOutputs[name]));
        }
      }
      this.updated.push(registration.urn);
      return this.deployed(registration, inputs, id, { ...cloudOutputs, ...answer }, generation);
    }
    const next = generation + 1;
    const { nameProperty } = handler;
    const renamed = named(registration, handler, next);
    // Two of the same name cannot be there at once; otherwise the old one serves until the new one does.
    if (nameProperty === undefined || renamed[nameProperty] === before.inputs[nameProperty]) {
      await this.remove(before);
      this.resources.delete(before.urn);
    } else {
      this.replaced.push(before);
    }
    return this.create(registration, next);
  }

  private async create(registration: Registration, generation: number): Promise<DeployedResource> {
    const handler = this.handlerOf(registration.type);
    const inputs = named(registration, handler, generation);
    const { id, outputs = {} } = await attempt("Creating", registration, () =>
      handler.create(inputs, this.cloud),
    );
    const twin = [...this.resources.values()].find(
      (other) => other.type === registration.type && other.id === id && other.urn !== registration.urn,
    );
    if (twin && this.registered.has(twin.urn)) {
      throw new ResourceFailed("Creating", registration, new Error(`${twin.name} already is ${id}`));
    }
    this.created.push(registration.urn);
    return this.deployed(registration, inputs, id, outputs, generation);
  }

  private async deployed(
    registration: Registration,
    inputs: Properties,
    id: string,
    cloudOutputs: Properties,
    generation: number,
  ): Promise<DeployedResource> {
    const own = this.handlerOf(registration.type).outputs(id, inputs, this.cloud);
    return {
      ...registration,
      inputs,
      id,
      cloudOutputs,
      generation,
      fingerprints: await fingerprints(inputs),
      outputs: { ...inputs, ...own, ...cloudOutputs },
    };
  }

  private async remove(resource: DeployedResource): Promise<void> {
    if (!resource.custom) {
      return;
    }
    if (resource.protect) {
      throw new ResourceFailed("Deleting", resource, new Error("it is protected"));
    }
    const handler = this.handlerOf(resource.type);
    await attempt("Deleting", resource, () => handler.delete(resource.id, resource.inputs, this.cloud));
  }
}

async function attempt<T>(verb: string, registration: Registration, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ResourceFailed(verb, registration, error);
  }
}
