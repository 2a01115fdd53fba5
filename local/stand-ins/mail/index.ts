import { listen, Problem } from "../loopback-server";
import { MailApi } from "./api";
import type { MailBehaviour } from "./behaviour";
import { Campaigns } from "./campaigns";
import { MailControl } from "./control";
import { Courier } from "./courier";

export interface MailOptions {
  /** What customers show as `authorization: Bearer <key>`. */
  readonly apiKey: string;
  /** @default pending, pending, success, a second before each; every change told once */
  readonly behaviour?: Partial<MailBehaviour>;
}

export interface MailStandIn {
  /** Such as `http://127.0.0.1:51234`. */
  readonly address: string;
  /** Closes it and gives up what is under way. */
  stop(): Promise<void>;
}

/**
 * A mail service in place of one on the internet: takes campaigns below `/v1/`, sends nobody anything, and tells
 * webhooks, signed, what would have become of them. People and tests steer it below `/stand-in/`.
 */
export async function startMailStandIn({ apiKey, behaviour = {} }: MailOptions): Promise<MailStandIn> {
  const courier = new Courier();
  const campaigns = new Campaigns(courier);
  campaigns.behave(behaviour);
  const api = new MailApi(apiKey, campaigns, courier);
  const control = new MailControl(api, campaigns);
  const server = await listen((request) => {
    const [path = "/"] = (request.url ?? "/").split("?");
    if (path.startsWith("/v1/")) {
      return api.serve(request, path);
    }
    if (path.startsWith("/stand-in/")) {
      return control.serve(request, path);
    }
    throw new Problem(404, `There is no ${path}; the API is below /v1/, what steers it below /stand-in/.`);
  });
  return {
    address: server.address,
    async stop() {
      await Promise.all([server.stop(), campaigns.stop()]);
    },
  };
}
