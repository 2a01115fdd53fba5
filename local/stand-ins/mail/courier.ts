import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { CampaignStatus } from "./behaviour";
import { signatureOf } from "./signature";

/** What a webhook is told. */
export interface Notice {
  /** Identifies the change: a second delivery of the same has the same. */
  readonly delivery: string;
  readonly campaign: string;
  readonly status: CampaignStatus;
  readonly sequence: number;
  /** When the status changed, ISO 8601. */
  readonly at: string;
}

/** How long the courier waits for whom. */
export interface Patience {
  /** For an answer. @default 5000 */
  readonly answerMs: number;
  /** Before each further attempt; their number is the number of further attempts. @default 200, 400, 800 */
  readonly pausesMs: readonly number[];
}

/** What came of one attempt: the HTTP status of the answer. */
export type Attempt = number | "no answer";

/** Brings notices to webhooks, signed. Until there is a secret to sign with, they wait. */
export class Courier {
  #secret: string | undefined;
  #release: () => void = () => {};
  readonly #hasSecret = new Promise<void>((resolve) => {
    this.#release = resolve;
  });
  readonly #stopping = new AbortController();
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stopping.signal.addEventListener("abort", () => resolve());
  });

  constructor(private readonly patience: Patience = { answerMs: 5000, pausesMs: [200, 400, 800] }) {
    // Everything under way listens.
    setMaxListeners(0, this.signal);
  }

  /** Aborted as soon as the courier is to stop. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Signs with it from the next attempt on. */
  signWith(secret: string): void {
    this.#secret = secret;
    this.#release();
  }

  /** Delivers a notice, or gives up; `onAttempt` gets what came of each attempt. */
  async deliver(webhookUrl: string, notice: Notice, onAttempt: (attempt: Attempt) => void): Promise<void> {
    await Promise.race([this.#hasSecret, this.#stopped]);
    const body = JSON.stringify(notice);
    for (const pauseMs of [0, ...this.patience.pausesMs]) {
      if (pauseMs > 0) {
        await delay(pauseMs, undefined, { signal: this.signal }).catch(() => {});
      }
      if (this.signal.aborted) {
        return;
      }
      const attempt = await this.#attempt(webhookUrl, body);
      onAttempt(attempt);
      if (attempt !== "no answer" && attempt < 500 && attempt !== 429) {
        return;
      }
    }
  }

  /** Gives up all that is under way. */
  stop(): void {
    this.#stopping.abort();
  }

  async #attempt(webhookUrl: string, body: string): Promise<Attempt> {
    const signature = signatureOf(this.#secret ?? "", body, Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(webhookUrl, {
        method: "POST",
        headers: { "content-type": "application/json", "mail-signature": signature },
        body,
        redirect: "manual",
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(this.patience.answerMs)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return "no answer";
    }
  }
}
