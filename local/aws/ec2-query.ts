import type { ClientConfig } from "../engine/resource";

/** Parameters of a request; of a list, each item becomes `<name>.<number>`. */
export type Query = Readonly<
  Record<string, string | number | boolean | undefined | readonly (string | Query)[]>
>;

interface Sending {
  readonly request: { readonly headers: Record<string, string> };
}
type Send = (sending: Sending) => Promise<Response>;
type Middleware = (next: Send) => Send;

/** An answer of EC2, of which the resources here need single texts. */
export class Ec2Answer {
  constructor(private readonly xml: string) {}

  /** The text of the first element of this name, at any depth. */
  text(name: string): string | undefined {
    return this.texts(name)[0];
  }

  texts(name: string): string[] {
    const elements = this.xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"));
    return [...elements].map(([, text]) => text ?? "");
  }
}

/**
 * The few calls of EC2 that the local cloud needs. The SDK's client has 700 operations, and to read it would take a
 * tenth of the time in which everything here has started.
 */
export class Ec2Query {
  private readonly added: Middleware[] = [];
  readonly middlewareStack = {
    add: (middleware: Middleware): void => {
      this.added.push(middleware);
    },
  };

  constructor(private readonly config: ClientConfig) {}

  /** @throws Error named by EC2's code, such as `InvalidVpcID.NotFound` */
  async ask(action: string, query: Query = {}): Promise<Ec2Answer> {
    const { endpoint, region, credentials } = this.config;
    const body = new URLSearchParams({ Action: action, Version: "2016-11-15" });
    fill(body, "", query);
    const headers = {
      // The emulator does not look at its root user's signature.
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20000101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
      "content-type": "application/x-www-form-urlencoded",
    };
    const send: Send = ({ request }) => fetch(endpoint, { method: "POST", headers: request.headers, body });
    const response = await this.added.reduce(
      (next, middleware) => middleware(next),
      send,
    )({
      request: { headers },
    });
    const text = await response.text();
    const answer = new Ec2Answer(text);
    if (!response.ok) {
      const message = answer.text("Message") ?? `${action} was answered with ${response.status}: ${text}`;
      throw Object.assign(new Error(message), { name: answer.text("Code") ?? "InvalidAnswer" });
    }
    return answer;
  }
}

function fill(body: URLSearchParams, prefix: string, query: Query): void {
  for (const [name, value] of Object.entries(query)) {
    const items = Array.isArray(value) ? value : [value];
    for (const [i, item] of items.entries()) {
      const path = Array.isArray(value) ? `${prefix}${name}.${i + 1}` : `${prefix}${name}`;
      if (typeof item === "object") {
        fill(body, `${path}.`, item);
      } else if (item !== undefined) {
        body.append(path, String(item));
      }
    }
  }
}
