import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { type Answer, allowMethods, Problem, readJson } from "../loopback-server";
import { type Campaign, type Campaigns, campaignRequest } from "./campaigns";
import type { Courier } from "./courier";
import { isSame } from "./signature";

const LARGEST_CAMPAIGN_BYTES = 5 * 1024 * 1024;
const LARGEST_SECRET_BYTES = 4 * 1024;

const signingSecret = z.strictObject({ secret: z.string().min(32).max(256) });

/** What customers of the mail service call, below `/v1/`. */
export class MailApi {
  /** Statuses that the next calls are answered with. */
  faults: readonly number[] = [];

  constructor(
    private readonly apiKey: string,
    private readonly campaigns: Campaigns,
    private readonly courier: Courier,
  ) {}

  async serve(request: IncomingMessage, path: string): Promise<Answer> {
    const [fault, ...others] = this.faults;
    if (fault !== undefined) {
      this.faults = others;
      throw new Problem(fault, "A fault set at /stand-in/faults.");
    }
    this.#authorise(request);
    if (path === "/v1/campaigns") {
      allowMethods(request, "POST");
      return this.#send(request);
    }
    if (path === "/v1/webhook-signing-secret") {
      allowMethods(request, "PUT");
      const { secret } = await readJson(request, signingSecret, LARGEST_SECRET_BYTES);
      this.courier.signWith(secret);
      return { status: 204 };
    }
    const [, id] = /^\/v1\/campaigns\/([^/]+)$/.exec(path) ?? [];
    if (id === undefined) {
      throw new Problem(404, `The mail service has no address ${path}.`);
    }
    allowMethods(request, "GET");
    const campaign = this.campaigns.find(id);
    if (!campaign) {
      throw new Problem(404, `There is no campaign ${id}.`);
    }
    return { status: 200, body: state(campaign) };
  }

  #authorise({ headers: { authorization = "" } }: IncomingMessage): void {
    const [, key = ""] = /^Bearer (.+)$/i.exec(authorization) ?? [];
    if (!isSame(key, this.apiKey)) {
      throw new Problem(401, "The header authorization must be: Bearer <API key>.", {
        headers: { "www-authenticate": "Bearer" },
      });
    }
  }

  async #send(request: IncomingMessage): Promise<Answer> {
    const key = request.headers["idempotency-key"];
    if (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new Problem(400, "The header idempotency-key must have 1 to 255 characters, no spaces.");
    }
    const asked = await readJson(request, campaignRequest, LARGEST_CAMPAIGN_BYTES);
    const { campaign, isNew } = this.campaigns.accept(key, asked);
    return { status: isNew ? 201 : 200, body: state(campaign) };
  }
}

const state = ({ id, status, sequence }: Campaign) => ({ id, status, sequence });
