import type { MailBehaviour } from "../../../local/stand-ins/mail/behaviour";
import type { Delivery } from "../../../local/stand-ins/mail/campaigns";

export const API_KEY = "key-of-these-tests";
export const SECRET = "first-signing-secret-of-these-tests";

export const CAMPAIGN = {
  subject: "New photos",
  text: "Look",
  html: "<p>Look</p>",
  recipients: [{ email: "ann@example.com", name: "Ann" }, { email: "bob@example.com" }],
  webhookUrl: "http://127.0.0.1:9/never",
};

/** What the service answers about a campaign. */
export interface CampaignState {
  readonly id: string;
  readonly status: string;
  readonly sequence: number;
}

/** Calls the mail service as its customers do. */
export class MailClient {
  constructor(
    readonly address: string,
    private readonly apiKey = API_KEY,
  ) {}

  call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.address}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, "content-type": "application/json", ...headers },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  send(key: string, campaign: object = CAMPAIGN): Promise<Response> {
    return this.call("POST", "/v1/campaigns", campaign, { "idempotency-key": key });
  }

  signWith(secret: string): Promise<Response> {
    return this.call("PUT", "/v1/webhook-signing-secret", { secret });
  }

  behave(behaviour: Partial<MailBehaviour>): Promise<Response> {
    return this.call("PUT", "/stand-in/behaviour", behaviour);
  }

  /** All campaigns, in the order in which they were accepted. */
  async campaigns(): Promise<(CampaignState & { readonly deliveries: Delivery[] })[]> {
    const response = await fetch(`${this.address}/stand-in/campaigns`);
    return ((await response.json()) as { campaigns: [] }).campaigns;
  }

  async deliveries(): Promise<Delivery[]> {
    return (await this.campaigns()).flatMap(({ deliveries }) => deliveries);
  }
}

/** The problem of a response, which must be one. */
export async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await response.json()) as {
    title: string;
    status: number;
    detail: string;
    errors?: { pointer: string; detail: string }[];
  };
  expect(problem.status).toBe(response.status);
  return problem;
}
