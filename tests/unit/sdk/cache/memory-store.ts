import type { Store } from "../../../../components/sdk/cache/store";

interface Entry {
  readonly text: string;
  readonly until: number;
}

/** How a command of a test's store fares: how long it is under way, there and back, and whether its reply is lost. */
export interface Fate {
  readonly thereMs: number;
  readonly backMs: number;
  readonly isLost?: boolean;
}

/** What a server of Valkey does for a store, in this process, each command with the next fate. */
export class MemoryServer {
  readonly #entries = new Map<string, Entry>();

  constructor(readonly nextFate: () => Fate = () => ({ thereMs: 0, backMs: 0 })) {}

  set(name: string, text: string, milliseconds = Number.POSITIVE_INFINITY): void {
    this.#entries.set(name, { text, until: Date.now() + milliseconds });
  }

  textOf(name: string): string | undefined {
    const entry = this.#entries.get(name);
    return entry && Date.now() < entry.until ? entry.text : undefined;
  }

  get store(): Store {
    const turnOf = (name: string) => `${name}/turn`;
    const has = (name: string, token: string) => this.textOf(turnOf(name)) === token;
    return {
      get: (name) => this.#command(() => this.textOf(name)),
      take: (name, token, milliseconds) =>
        this.#command(() => {
          if (this.textOf(turnOf(name)) === undefined) this.set(turnOf(name), token, milliseconds);
          return has(name, token);
        }),
      keep: (name, token, text, milliseconds) =>
        this.#posted(() => {
          if (!has(name, token)) return;
          this.set(name, text, milliseconds);
          this.#entries.delete(turnOf(name));
        }),
      leave: (name, token) =>
        this.#posted(() => {
          if (has(name, token)) this.#entries.delete(turnOf(name));
        }),
      drop: (name) =>
        this.#command(() => {
          this.#entries.delete(name);
          this.#entries.delete(turnOf(name));
        }),
    };
  }

  async #command<Reply>(act: () => Reply): Promise<Reply> {
    const { thereMs, backMs, isLost = false } = this.nextFate();
    await later(thereMs);
    const reply = act();
    await later(backMs);
    if (isLost) throw new Error("the reply was lost");
    return reply;
  }

  #posted(act: () => void): void {
    this.#command(act).catch(() => {});
  }
}

export const later = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
