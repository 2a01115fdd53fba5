import { generatedName, named } from "./name";
import type { Program } from "./program";
import type { AnyResourceHandler, Cloud, Place, Properties, Registration, Resource } from "./resource";
import { type Changes, type DeployedResource, Update } from "./update";

/** What a program would make: its resources with the outputs they would have, and the stack's outputs. */
export interface Plan {
  readonly resources: readonly Resource[];
  readonly outputs: Properties;
}

/** The resources of one stack in the local cloud, brought in line with what its program says. */
export class Deployment {
  private resources = new Map<string, DeployedResource>();
  private outputs: Properties = {};

  /** `invoke` answers provider functions. */
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
    const register = async (registration: Registration) => {
      const { id, outputs } = registration.custom ? this.foresee(registration) : { id: "", outputs: {} };
      resources.push({ ...registration, id, outputs });
      return { id, outputs };
    };
    const outputs = await this.program.evaluate({ invoke: this.invoke, register }, true);
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

  /**
   * Makes the cloud what the program says: creates, changes, replaces, at the end deletes. Where the plan only
   * changes resources in place, their outputs are known and the program need not run again.
   * @throws ResourceFailed; what was done until then is in `state`
   */
  async apply(plan: Plan, cloud: Cloud): Promise<Changes> {
    const update = new Update(this.resources, this.handlerOf, cloud);
    const inPlace = await update.isInPlace(plan.resources);
    if (inPlace) {
      for (const registration of plan.resources) {
        await update.register(registration);
      }
    }
    this.outputs =
      inPlace && !mentions(plan, update.outdated)
        ? plan.outputs
        : await this.program.evaluate({ invoke: this.invoke, register: (r) => update.register(r) }, false);
    return update.finish();
  }

  /** The id and outputs that a resource has, or would have. */
  private foresee(registration: Registration): { id: string; outputs: Properties } {
    const handler = this.handlerOf(registration.type);
    const before = this.resources.get(registration.urn);
    const inputs = named(registration, handler, before?.generation ?? 0);
    const name = handler.nameProperty === undefined ? undefined : inputs[handler.nameProperty];
    const id = before?.id ?? (typeof name === "string" ? name : generatedName(registration));
    const own = handler.outputs(id, inputs, this.place);
    return { id, outputs: { ...inputs, ...own, ...before?.cloudOutputs } };
  }
}

/** Whether any input or stack output of the plan was made of one of these values, given as JSON. */
function mentions({ resources, outputs }: Plan, values: readonly string[]): boolean {
  const text = values.length === 0 ? "" : JSON.stringify([resources.map(({ inputs }) => inputs), outputs]);
  return values.some((value) => text.includes(value));
}
