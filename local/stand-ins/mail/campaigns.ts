import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import {
  type CampaignStatus,
  chance,
  defaultBehaviour,
  type MailBehaviour,
  type PlannedChange,
  planChanges,
} from "./behaviour";
import type { Attempt, Courier } from "./courier";

const webhookUrl = z.string().refine(isWebAddress, {
  error: "must be an http or https address without user name and password",
});

/** What the service is asked to send. */
export const campaignRequest = z.strictObject({
  subject: z
    .string()
    .min(1)
    .max(998)
    .regex(/^[^\r\n]*$/, "must be one line"),
  text: z.string().min(1),
  html: z.string().min(1),
  recipients: z.array(z.strictObject({ email: z.email(), name: z.string().max(200).optional() })).min(1),
  webhookUrl,
});
export type CampaignRequest = z.infer<typeof campaignRequest>;

/** One telling of a change; a change told twice has two. */
export interface Delivery {
  readonly delivery: string;
  readonly status: CampaignStatus;
  readonly sequence: number;
  readonly lost: boolean;
  readonly duplicate: boolean;
  /** Empty while it waits: for its time, or for a secret to sign with. */
  readonly attempts: Attempt[];
}

export interface Campaign {
  readonly id: string;
  readonly subject: string;
  readonly recipients: CampaignRequest["recipients"];
  status: CampaignStatus;
  /** Number of changes so far. */
  sequence: number;
  readonly deliveries: Delivery[];
}

/** The campaigns of one start, in the order in which they were accepted. */
export class Campaigns {
  readonly #byId = new Map<string, Campaign>();
  readonly #byKey = new Map<string, Campaign>();
  readonly #underWay = new Set<Promise<void>>();
  #behaviour: MailBehaviour = defaultBehaviour;
  #random = chance(undefined);

  constructor(private readonly courier: Courier) {}

  /** Of campaigns accepted from now on. Giving the seed, even the same, begins its numbers anew. */
  behave(change: Partial<MailBehaviour>): MailBehaviour {
    this.#behaviour = { ...this.#behaviour, ...change };
    if (change.seed !== undefined) {
      this.#random = chance(change.seed);
    }
    return this.#behaviour;
  }

  /** A new campaign, or the one that was accepted under the same key. */
  accept(key: string, request: CampaignRequest): { campaign: Campaign; isNew: boolean } {
    const known = this.#byKey.get(key);
    if (known) {
      return { campaign: known, isNew: false };
    }
    const { subject, recipients } = request;
    const campaign: Campaign = {
      id: randomUUID(),
      subject,
      recipients,
      status: "pending",
      sequence: 0,
      deliveries: [],
    };
    this.#byKey.set(key, campaign);
    this.#byId.set(campaign.id, campaign);
    const { delayMs } = this.#behaviour;
    this.#keep(this.#run(campaign, request.webhookUrl, planChanges(this.#behaviour, this.#random), delayMs));
    return { campaign, isNew: true };
  }

  find(id: string): Campaign | undefined {
    return this.#byId.get(id);
  }

  list(): readonly Campaign[] {
    return [...this.#byId.values()];
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    this.courier.stop();
    while (this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
    }
  }

  async #run(
    campaign: Campaign,
    webhookUrl: string,
    changes: readonly PlannedChange[],
    delayMs: number,
  ): Promise<void> {
    for (const change of changes) {
      if (!(await this.#wait(delayMs))) {
        return;
      }
      campaign.status = change.status;
      campaign.sequence = change.sequence;
      this.#tell(campaign, webhookUrl, change);
    }
  }

  #tell(campaign: Campaign, webhookUrl: string, change: PlannedChange): void {
    const { status, sequence, isLost, duplicateAfterMs } = change;
    const delivery = randomUUID();
    const notice = { delivery, campaign: campaign.id, status, sequence, at: new Date().toISOString() };
    const begin = (duplicate: boolean) => {
      const attempts: Attempt[] = [];
      campaign.deliveries.push({ delivery, status, sequence, lost: isLost, duplicate, attempts });
      return () => this.courier.deliver(webhookUrl, notice, (attempt) => attempts.push(attempt));
    };
    const deliver = begin(false);
    if (!isLost) {
      this.#keep(deliver());
    }
    if (duplicateAfterMs !== undefined) {
      const deliverAgain = begin(true);
      this.#keep(this.#wait(duplicateAfterMs).then((isTime) => (isTime ? deliverAgain() : undefined)));
    }
  }

  /** False when it is time to stop. */
  async #wait(ms: number): Promise<boolean> {
    await delay(ms, undefined, { signal: this.courier.signal }).catch(() => {});
    return !this.courier.signal.aborted;
  }

  #keep(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }
}

function isWebAddress(text: string): boolean {
  const { protocol, username, password } = URL.canParse(text) ? new URL(text) : new URL("none:");
  return /^https?:$/.test(protocol) && !username && !password;
}
