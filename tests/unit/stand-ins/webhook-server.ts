import { createHmac } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What a webhook was told. */
export interface Received {
  readonly body: string;
  readonly signature: string;
  /** Unix seconds that the signature names. */
  readonly seconds: number;
  readonly notice: {
    readonly delivery: string;
    readonly campaign: string;
    readonly status: string;
    readonly sequence: number;
    readonly at: string;
  };
}

/** A customer's webhook: keeps what it is told, and answers with `answers` in turn, then always 204; 0 is no answer. */
export class WebhookServer {
  readonly received: Received[] = [];

  private constructor(
    readonly url: string,
    private readonly server: http.Server,
  ) {}

  static async start(...answers: readonly number[]): Promise<WebhookServer> {
    const left = [...answers];
    const server = http.createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const signature = String(request.headers["mail-signature"]);
      const seconds = Number(/^t=(\d+),/.exec(signature)?.[1]);
      webhook.received.push({ body, signature, seconds, notice: JSON.parse(body) });
      const status = left.shift() ?? 204;
      if (status > 0) response.writeHead(status, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mail`;
    const webhook = new WebhookServer(url, server);
    return webhook;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** Whether the signature is one of this secret; written down anew from the service's documentation. */
export function isSigned({ signature, body }: Received, secret: string): boolean {
  const [time = "", mac = ""] = signature.split(",");
  const payload = Buffer.concat([Buffer.from(time.replace("t=", "")), Buffer.from("."), Buffer.from(body)]);
  return mac === `v1=${createHmac("sha256", secret).update(payload).digest("hex")}`;
}

/** Waits until a condition holds; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}
