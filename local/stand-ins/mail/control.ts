import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { type Answer, allowMethods, Problem, readJson } from "../loopback-server";
import type { MailApi } from "./api";
import { behaviourSchema } from "./behaviour";
import type { Campaign, Campaigns } from "./campaigns";

const LARGEST_BYTES = 64 * 1024;

const faults = z.strictObject({ next: z.array(z.int().min(400).max(599)).max(1000) });

/**
 * What people and tests use to see and steer the stand-in, below `/stand-in/`, without a key. Web pages are kept out:
 * they send an origin, or a host name of their own that was made to lead here.
 */
export class MailControl {
  constructor(
    private readonly api: MailApi,
    private readonly campaigns: Campaigns,
  ) {}

  async serve(request: IncomingMessage, path: string): Promise<Answer> {
    refusePages(request);
    if (path === "/stand-in/behaviour") {
      allowMethods(request, "PUT");
      const change = await readJson(request, behaviourSchema.partial(), LARGEST_BYTES);
      return { status: 200, body: this.campaigns.behave(change) };
    }
    if (path === "/stand-in/faults") {
      allowMethods(request, "PUT");
      const { next } = await readJson(request, faults, LARGEST_BYTES);
      this.api.faults = next;
      return { status: 200, body: { next } };
    }
    if (path === "/stand-in/campaigns") {
      allowMethods(request, "GET");
      return { status: 200, body: { campaigns: this.campaigns.list().map(summary) } };
    }
    const [, id] = /^\/stand-in\/campaigns\/([^/]+)$/.exec(path) ?? [];
    const campaign = id === undefined ? undefined : this.campaigns.find(id);
    if (!campaign) {
      throw new Problem(404, `The stand-in has no ${path}.`);
    }
    allowMethods(request, "GET");
    return { status: 200, body: campaign };
  }
}

function refusePages({ headers: { origin, host = "" } }: IncomingMessage): void {
  if (origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host)) {
    throw new Problem(403, "The addresses below /stand-in/ are for programs on this machine, not for pages.");
  }
}

function summary({ recipients, ...campaign }: Campaign): object {
  return { ...campaign, recipients: recipients.length };
}
