import { isDeepStrictEqual } from "node:util";
import { containsUnknowns } from "@pulumi/pulumi";
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
  /** Grows with each registration: what came later may depend on what came before. */
  readonly sequence: number;
}

/** All that is known of a stack's resources; it is kept true while an update goes. */
export interface State {
  /** By URN. */
  readonly resources: Map<string, DeployedResource>;
  /** Replaced resources that are still to be deleted. */
  readonly condemned: Set<DeployedResource>;
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

/** A resource that may not be deleted would have to be. */
export class Protected extends Error {
  constructor(names: readonly string[]) {
    super(
      `${names.join(", ")}: protected, but the program replaces or no longer has it. Nothing was changed. ` +
        "Take back the change, or remove `protect` first.",
    );
  }
}

/** One update of a stack's resources: each is registered once, and `finish` deletes those that were not. */
export class Update {
  /** Values that outputs had before a change in place, as JSON: what the plan made of them is out of date. */
  readonly outdated: string[] = [];
  private readonly created: string[] = [];
  private readonly updated: string[] = [];
  private readonly registered = new Set<string>();
  private sequence: number;

  constructor(
    private readonly state: State,
    private readonly handlerOf: (type: string) => AnyResourceHandler,
    private readonly cloud: Cloud,
  ) {
    this.sequence = Math.max(0, ...[...state.resources.values()].map(({ sequence }) => sequence));
  }

  /**
   * Whether everything planned is there and needs at most known changes in place.
   * @throws Protected when a protected resource would have to go
   */
  async isInPlace(planned: readonly Registration[]): Promise<boolean> {
    const hows = await Promise.all(
      planned.map(async (registration) => {
        const before = existing(this.state, registration);
        if (!registration.custom) {
          return { how: "keep", before };
        }
        return before ? { ...(await this.compare(registration, before)), before } : { how: "create", before };
      }),
    );
    const staying = new Set(hows.flatMap(({ how, before }) => (before && how !== "replace" ? [before] : [])));
    const going = [...this.state.resources.values()].filter((resource) => !staying.has(resource));
    const held = going.filter((resource) => resource.protect);
    if (held.length > 0) {
      throw new Protected(held.map(({ name }) => name));
    }
    const isKnown = planned.every(({ inputs }) => !containsUnknowns(inputs));
    return isKnown && hows.every(({ how }) => how === "keep" || how === "change");
  }

  /** Creates, changes or replaces the resource as its inputs ask; answers its id and outputs. */
  async register(registration: Registration): Promise<{ id?: string; outputs: Properties }> {
    const { urn, custom } = registration;
    this.registered.add(urn);
    const before = existing(this.state, registration);
    const resource = !custom
      ? this.component(registration)
      : before
        ? await this.bring(registration, before)
        : await this.create(registration, 0);
    if (before) {
      this.state.resources.delete(before.urn);
    }
    this.state.resources.set(urn, resource);
    return { id: resource.id, outputs: resource.outputs };
  }

  /** Deletes what was replaced or is no longer registered, dependents first. */
  async finish(): Promise<Changes> {
    const { resources, condemned } = this.state;
    const gone = [...resources.values()].filter(({ urn }) => !this.registered.has(urn));
    for (const resource of [...condemned, ...gone].sort((a, b) => b.sequence - a.sequence)) {
      await this.remove(resource);
      if (!condemned.delete(resource)) {
        resources.delete(resource.urn);
      }
    }
    return { created: this.created, updated: this.updated, deleted: gone.map(({ urn }) => urn) };
  }

  private component(registration: Registration): DeployedResource {
    const nothing = { id: "", outputs: {}, cloudOutputs: {}, fingerprints: {}, generation: 0 };
    return { ...registration, ...nothing, sequence: ++this.sequence };
  }

  private async compare(registration: Registration, before: DeployedResource) {
    const handler = this.handlerOf(registration.type);
    const inputs = { ...renamed(registration, handler, before) };
    const { ignoreChanges = [], replaceOnChanges = [] } = registration.options ?? {};
    for (const ignored of ignoreChanges) {
      inputs[ignored] = before.inputs[ignored];
    }
    const prints = await fingerprints(inputs);
    const changed = changedInputs(before.fingerprints, prints).filter(
      (input) => !ignoreChanges.includes(input),
    );
    const replacing = [...(handler.replaceOn ?? []), ...replaceOnChanges];
    const inPlace = handler.update !== undefined && !changed.some((input) => replacing.includes(input));
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
    const name = nameProperty && named(registration, handler, next)[nameProperty];
    // Two of the same name cannot be there at once; otherwise the old one serves until the new one does.
    const inTheWay = nameProperty === undefined || name === before.inputs[nameProperty];
    if (inTheWay || registration.options?.deleteBeforeReplace) {
      await this.remove(before);
      this.state.resources.delete(before.urn);
    } else {
      this.state.resources.delete(before.urn);
      this.state.condemned.add(before);
    }
    return this.create(registration, next);
  }

  private async create(registration: Registration, generation: number): Promise<DeployedResource> {
    const handler = this.handlerOf(registration.type);
    const inputs = named(registration, handler, generation);
    const { id, outputs = {} } = await attempt("Creating", registration, () =>
      handler.create(inputs, this.cloud),
    );
    const made = await this.deployed(registration, inputs, id, outputs, generation);
    const twin = [...this.state.resources.values()].find(
      (other) => isSame(other, made) && other.urn !== made.urn && this.registered.has(other.urn),
    );
    if (twin) {
      throw new ResourceFailed("Creating", registration, new Error(`${twin.name} already is ${id}`));
    }
    this.created.push(registration.urn);
    return made;
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
      sequence: ++this.sequence,
      fingerprints: await fingerprints(inputs),
      outputs: { ...inputs, ...own, ...cloudOutputs },
    };
  }

  private async remove(resource: DeployedResource): Promise<void> {
    if (resource.custom && !resource.options?.retainOnDelete) {
      const handler = this.handlerOf(resource.type);
      await attempt("Deleting", resource, () => handler.delete(resource.id, resource.inputs, this.cloud));
    }
  }
}

/** Whether two are one in the cloud. An id can be of use within its parent only, as that of a stage is; an ARN never. */
function isSame(one: DeployedResource, other: DeployedResource): boolean {
  return one.id === other.id && one.type === other.type && one.outputs.arn === other.outputs.arn;
}

/** The resource as it is now, under its URN or one it had before. */
export function existing({ resources }: State, { urn, options }: Registration): DeployedResource | undefined {
  return resources.get(urn) ?? options?.aliases.map((alias) => resources.get(alias)).find(Boolean);
}

/** The inputs with the name that the resource has: its generated one stays when its URN changes. */
export function renamed(
  registration: Registration,
  handler: AnyResourceHandler,
  before: DeployedResource,
): Properties {
  return named({ ...registration, urn: before.urn, name: before.name }, handler, before.generation);
}

async function attempt<T>(verb: string, registration: Registration, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ResourceFailed(verb, registration, error);
  }
}
