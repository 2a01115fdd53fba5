import * as http from "node:http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { RestSessions, RestSurroundings, Session } from "./rest-session";

/** What an integration's address calls in a service of AWS. */
export interface ServiceAddress {
  readonly service: string;
  readonly region: string;
  /** The operation of `action/<operation>`. */
  readonly operation: string | undefined;
  /** The path of `path/<path>`, which queues have. */
  readonly path: string;
}

/** A call of a service, as the template made it. */
export interface ServiceCall {
  readonly address: ServiceAddress;
  readonly role: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Service → what its operations are called by in `X-Amz-Target`. */
const TARGETS: Readonly<Record<string, string>> = {
  dynamodb: "DynamoDB_20120810",
  events: "AWSEvents",
  kinesis: "Kinesis_20131202",
  sqs: "AmazonSQS",
  states: "AWSStepFunctions",
};

/**
 * Reads `arn:aws:apigateway:<region>:<service>:action/<operation>` or `…:path/<path>`; undefined for what the local
 * cloud cannot call so.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
 */
export function serviceAddress(uri: string): ServiceAddress | undefined {
  const [, region = "", service = "", kind, rest = ""] =
    /^arn:[\w-]+:apigateway:([^:]+):([^:]+):(action|path)\/(.+)$/.exec(uri) ?? [];
  if (kind === "path" && service === "sqs") {
    return { service, region, operation: undefined, path: `/${rest}` };
  }
  return kind === "action" && service !== "sqs" && service in TARGETS
    ? { service, region, operation: rest, path: "/" }
    : undefined;
}

/** Calls services as the roles of integrations, through the front door, so that policies decide and calls are on record. */
export class RestBackend {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 30_000 });
  readonly #signers = new Map<string, { readonly session: Session; readonly signer: SignatureV4 }>();

  constructor(
    private readonly surroundings: RestSurroundings,
    private readonly sessions: RestSessions,
  ) {}

  /** @throws NoRole, or what keeps the front door from answering. */
  async call({ address, role, headers, body }: ServiceCall): Promise<ServiceAnswer> {
    const { service, region, operation, path } = address;
    const { hostname, port, host } = new URL(this.surroundings.endpoint);
    const signer = await this.#signerOf(role, service, region);
    const target = operation && { "x-amz-target": `${TARGETS[service]}.${operation}` };
    const signed = await signer.sign({
      method: "POST",
      protocol: "http:",
      hostname,
      port: Number(port),
      path,
      query: {},
      headers: { ...headers, ...target, host, "content-length": String(Buffer.byteLength(body)) },
      body,
    });
    return new Promise((resolve, reject) => {
      const request = http.request(
        { agent: this.#agent, hostname, port, method: "POST", path, headers: signed.headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const { statusCode = 502, headers: answered } = response;
            resolve({ status: statusCode, headers: answered, body: Buffer.concat(chunks).toString() });
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  stop(): void {
    this.#agent.destroy();
  }

  async #signerOf(role: string, service: string, region: string): Promise<SignatureV4> {
    const key = `${role} ${service} ${region}`;
    const session = await this.sessions.of(role);
    const known = this.#signers.get(key);
    if (known?.session === session) {
      return known.signer;
    }
    const signer = new SignatureV4({ service, region, credentials: session, sha256: Sha256 });
    this.#signers.set(key, { session, signer });
    return signer;
  }
}
