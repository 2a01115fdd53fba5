import * as crypto from "node:crypto";
import type { HttpEvent } from "../../../components/http-api";
import type { SecretClient, Stage } from "../../../components/sdk/secrets-manager";
import type { ParameterClient } from "../../../components/sdk/ssm";
import type { CampaignRecord } from "../../../handlers/campaigns/campaign";
import { httpEvent } from "./http-event";

export const id = "0b8f2c1e-7d4a-4c56-9f10-2a3b4c5d6e7f";
export const createdAt = "2026-01-02T03:04:05.000Z";

/** A campaign as the table has it. */
export const campaign = (change: Partial<CampaignRecord> = {}): CampaignRecord => ({
  id,
  subject: "Dunes",
  text: "Sand & sea",
  createdBy: "ann",
  createdAt,
  changedAt: createdAt,
  status: "starting",
  sequence: 0,
  kind: "campaign",
  fingerprint: "print",
  ...change,
});

/** A request of an administrator; `groups` are those of the token. */
export function adminEvent({
  groups = "[admins]",
  user = "ann",
  ...options
}: Parameters<typeof httpEvent>[0] & { groups?: string } = {}): HttpEvent {
  const event = httpEvent({ ...options, user });
  const claims = event.requestContext.authorizer?.jwt?.claims ?? {};
  Object.assign(claims, { "cognito:groups": groups });
  return event;
}

export const secret = "s".repeat(64);
export const nowSeconds = () => Math.floor(Date.now() / 1000);
export const mac = (body: string, seconds: number, by = secret) =>
  crypto.createHmac("sha256", by).update(`${seconds}.${body}`).digest("hex");
/** The header of a signed body. */
export const signed = (body: string, seconds = nowSeconds(), by = secret) =>
  `t=${seconds},v1=${mac(body, seconds, by)}`;

/** A signing secret, and how often it was read; `values` may change. */
export function signingSecret(values: { [S in Stage]?: string } = { AWSCURRENT: secret }) {
  const reads: Stage[] = [];
  const client: SecretClient = {
    Read: async ({ stage = "AWSCURRENT" }) => {
      reads.push(stage);
      const value = values[stage];
      if (value === undefined && stage === "AWSCURRENT") {
        throw Object.assign(new Error("no value yet"), { name: "SecretMissing" });
      }
      return value;
    },
  };
  return { client, values, reads };
}

/** The API key: the value that is kept, and the one that was set. */
export function apiKey(kept = "key-1", set = kept): ParameterClient {
  return { Read: async ({ maxAgeSeconds }) => (maxAgeSeconds === 0 ? set : kept) };
}

/** A report as the mail service sends it. */
export const report = (sequence: number, change: object = {}) =>
  JSON.stringify({
    delivery: `delivery-${sequence}`,
    campaign: "mail-1",
    status: "pending",
    sequence,
    at: createdAt,
    ...change,
  });
