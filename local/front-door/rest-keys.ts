import type { RestPlan } from "./rest-description";
import { type RestSurroundings, rootHeaders } from "./rest-session";

/** A key of a plan that serves the stage. */
export interface KeyHolder {
  readonly keyId: string;
  readonly plan: RestPlan;
}

/** How long a list of keys is good: AWS, too, needs a moment to know of a change. */
const FRESH_MS = 1_000;

interface Keys {
  /** Value → id, of those that are enabled. */
  readonly ids: ReadonlyMap<string, string>;
  /** Plan → ids. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  readonly readAt: number;
}

interface Page {
  readonly item?: readonly { readonly id: string; readonly value?: string; readonly enabled?: boolean }[];
  readonly position?: string;
}

/** The keys of usage plans, which operators make at the emulator: no program knows them. */
export class RestKeys {
  #known: Keys | undefined;
  #reading: Promise<Keys> | undefined;

  constructor(private readonly surroundings: RestSurroundings) {}

  /** Whose key this is, of the plans given. One that is not known is looked for anew. */
  async holderOf(value: string, plans: readonly RestPlan[]): Promise<KeyHolder | undefined> {
    const isFresh = this.#known && this.#known.readAt > performance.now() - FRESH_MS;
    const found = isFresh && this.#known && holderIn(this.#known, value, plans);
    return found || holderIn(await this.#read(plans), value, plans);
  }

  #read(plans: readonly RestPlan[]): Promise<Keys> {
    this.#reading ??= this.#readNow(plans).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readNow(plans: readonly RestPlan[]): Promise<Keys> {
    const readAt = performance.now();
    const keys = await this.#list("/apikeys?includeValues=true");
    const members = new Map<string, ReadonlySet<string>>();
    for (const { id } of plans) {
      members.set(id, new Set((await this.#list(`/usageplans/${id}/keys`)).map((key) => key.id)));
    }
    const enabled = keys.filter((key) => key.enabled !== false && key.value);
    const ids = new Map(enabled.map((key) => [key.value ?? "", key.id]));
    this.#known = { ids, members: new Map([...(this.#known?.members ?? []), ...members]), readAt };
    return this.#known;
  }

  async #list(path: string, items: Page["item"] = [], position?: string): Promise<NonNullable<Page["item"]>> {
    const { emulatorAddress, region } = this.surroundings;
    const url = new URL(path, emulatorAddress);
    url.searchParams.set("limit", "500");
    if (position !== undefined) {
      url.searchParams.set("position", position);
    }
    const response = await fetch(url, { headers: rootHeaders("apigateway", region) });
    const page: Page = response.ok ? ((await response.json()) as Page) : {};
    const all = [...items, ...(page.item ?? [])];
    return page.position === undefined ? all : this.#list(path, all, page.position);
  }
}

function holderIn({ ids, members }: Keys, value: string, plans: readonly RestPlan[]): KeyHolder | undefined {
  const keyId = ids.get(value);
  const plan = keyId === undefined ? undefined : plans.find(({ id }) => members.get(id)?.has(keyId));
  return keyId !== undefined && plan ? { keyId, plan } : undefined;
}
