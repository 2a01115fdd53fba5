import type { Readable, Writable } from "node:stream";

/** A body as it was cut off: the sender went away before its end. */
export class BodyCutOff extends Error {
  override readonly name = "BodyCutOff";
}

/**
 * A request or response body on its way. It streams from sender to receiver; who needs to see it first asks
 * for its beginning or for the whole, and only that much is held in memory.
 */
export class Body {
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  #source: Readable | undefined;
  #sentBytes = 0;

  /** @param beforeRead called when somebody looks into the body before it is sent on. */
  constructor(
    content: Readable | Buffer | string,
    private readonly beforeRead?: () => void,
  ) {
    if (typeof content === "string" || Buffer.isBuffer(content)) {
      if (content.length > 0) {
        this.#hold(Buffer.from(content));
      }
    } else {
      this.#source = content;
    }
  }

  /** Bytes already passed on by {@link sendTo}. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** The whole body, or undefined when it is longer than `limitBytes`; either way it can still be sent. */
  async whole(limitBytes: number): Promise<Buffer | undefined> {
    const beginning = await this.beginning(limitBytes);
    return beginning.length > limitBytes ? undefined : beginning;
  }

  /** The first `limitBytes` and what came along with them, or all when the body is shorter. */
  async beginning(limitBytes: number): Promise<Buffer> {
    await this.#holdUntil(limitBytes);
    const [first] = this.#held;
    return this.#held.length === 1 && first ? first : Buffer.concat(this.#held);
  }

  /** Sends everything to `to` and ends it. Not more than once. */
  sendTo(to: Writable): void {
    const source = this.#source;
    this.#sentBytes = this.#heldBytes;
    for (const chunk of this.#held) {
      to.write(chunk);
    }
    if (!source) {
      to.end();
      return;
    }
    if (source.destroyed && !source.readableEnded) {
      to.destroy();
      return;
    }
    source.on("data", (chunk: Buffer) => {
      this.#sentBytes += chunk.length;
    });
    source.on("close", () => {
      if (!source.readableEnded) {
        to.destroy();
      }
    });
    source.on("error", () => to.destroy());
    source.pipe(to);
  }

  /** Lets the sender finish when nobody wants the body. */
  discard(): void {
    this.#source?.on("error", () => {}).resume();
  }

  #hold(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
  }

  #holdUntil(limitBytes: number): Promise<void> {
    const source = this.#source;
    if (!source || this.#heldBytes > limitBytes) {
      return Promise.resolve();
    }
    this.beforeRead?.();
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => {
        source.off("data", onData).off("end", onEnd).off("error", onCut).off("close", onCut);
        how();
      };
      const onData = (chunk: Buffer) => {
        this.#hold(chunk);
        if (this.#heldBytes > limitBytes) {
          source.pause();
          settle(resolve);
        }
      };
      const onEnd = () => {
        this.#source = undefined;
        settle(resolve);
      };
      const onCut = () => {
        source.on("error", () => {});
        settle(() => reject(new BodyCutOff("the body ended before all of it had arrived")));
      };
      source.on("data", onData).on("end", onEnd).on("error", onCut).on("close", onCut);
      if (source.destroyed) {
        onCut();
      } else {
        source.resume();
      }
    });
  }
}
