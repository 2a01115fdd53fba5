import { containsUnknowns } from "@pulumi/pulumi";
import { generatedName, named } from "./name";
import type { Program } from "./program";
import type { AnyResourceHandler, Cloud, Place, Properties, Registration, Resource } from "./resource";
import { withPlaceholders } from "./unknown";
import { type Changes, type DeployedResource, existing, renamed, type State, Update } from "./update";

/** What a program would make: its resources with the outputs they would have, and the stack's outputs if known. */
export interface Plan {
  readonly resources: readonly Resource[];
  readonly outputs: Properties;
}

/** The resources of one stack in the local cloud, brought in line with what its program says. */
export class Deployment {
  /** What the program's stack exports. */
  outputs: Properties = {};
  /** What is there; it is true also after a failed `apply`. */
  readonly state: State = { resources: new Map(), condemned: new Set() };

  /** `invoke` answers provider functions. */
  constructor(
    private readonly program: Program,
    private readonly handlerOf: (type: string) => AnyResourceHandler,
    private readonly invoke: (token: string, inputs: Properties) => Promise<Properties>,
    private readonly place: Place,
  ) {}

  get resources(): readonly DeployedResource[] {
    return [...this.state.resources.values()];
  }

  /** Runs the program without touching the cloud. */
  async plan(): Promise<Plan> {
    const resources: Resource[] = [];
    const register = async (registration: Registration) => {
      const { id, outputs } = registration.custom ? this.foresee(registration) : { id: "", outputs: {} };
      resources.push({ ...registration, id, outputs });
      return { id, outputs };
    };
    const outputs = await this.program.evaluate({ invoke: this.invoke, register }, true);
    return { resources, outputs };
  }

  /** Takes up what an earlier start left; resources that are gone will be made anew. */
  async adopt({ resources, condemned }: State, cloud: Cloud): Promise<void> {
    const present = await Promise.all(
      [...resources.values()].map(async (resource) => {
        if (!resource.custom) {
          return resource;
        }
        const cloudOutputs = await this.handlerOf(resource.type).read(resource.id, resource.inputs, cloud);
        // What only the creation told, such as what a function answered, is nowhere to be read again.
        return cloudOutputs && { ...resource, cloudOutputs: { ...resource.cloudOutputs, ...cloudOutputs } };
      }),
    );
    for (const resource of present) {
      if (resource) {
        this.state.resources.set(resource.urn, resource);
      }
    }
    for (const resource of condemned) {
      this.state.condemned.add(resource);
    }
  }

  /**
   * Makes the cloud what the program says: creates, changes, replaces, at the end deletes. Where the plan only
   * changes resources in place, their outputs are known and the program need not run again.
   * @throws Protected before anything is done, ResourceFailed midway
   */
  async apply(plan: Plan, cloud: Cloud): Promise<Changes> {
    const update = new Update(this.state, this.handlerOf, cloud);
    const inPlace = await update.isInPlace(plan.resources);
    if (inPlace) {
      for (const registration of plan.resources) {
        await update.register(registration);
      }
    }
    this.outputs =
      inPlace && !containsUnknowns(plan.outputs) && !mentions(plan, update.outdated)
        ? plan.outputs
        : await this.program.evaluate({ invoke: this.invoke, register: (r) => update.register(r) }, false);
    return update.finish();
  }

  /** The id and outputs that a resource has, or would have. */
  private foresee(registration: Registration): { id: string; outputs: Properties } {
    const handler = this.handlerOf(registration.type);
    const before = existing(this.state, registration);
    const inputs = before ? renamed(registration, handler, before) : named(registration, handler, 0);
    const name = handler.nameProperty === undefined ? undefined : inputs[handler.nameProperty];
    const id = before?.id ?? (typeof name === "string" ? name : generatedName(registration));
    const own = handler.outputs(id, withPlaceholders(inputs), this.place);
    return { id, outputs: { ...inputs, ...own, ...before?.cloudOutputs } };
  }
}

/** Whether any input or stack output of the plan was made of one of these values, given as JSON. */
function mentions({ resources, outputs }: Plan, values: readonly string[]): boolean {
  const text = values.length === 0 ? "" : JSON.stringify([resources.map(({ inputs }) => inputs), outputs]);
  return values.some((value) => text.includes(value));
}
