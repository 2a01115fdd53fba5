import { type Caller, Callers } from "../front-door/caller";

/** Knows, besides functions, the services of AWS in whose name completions call. */
export class ServiceCallers extends Callers {
  readonly #services = new Map<string, Caller>();

  /** @param principal such as `events.amazonaws.com`. */
  introduce(accessKey: string, principal: string): void {
    this.#services.set(accessKey, { name: principal });
  }

  override name(accessKey: string | undefined): Caller {
    return this.#services.get(accessKey ?? "") ?? super.name(accessKey);
  }
}
