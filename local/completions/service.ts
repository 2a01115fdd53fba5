import type { Place } from "../engine/resource";
import type { ServiceCallers } from "./service-callers";

/** Where completions are: their clients call at the front door, and look at the emulator directly. */
export interface Surroundings extends Place {
  /** Address of the front door. */
  readonly endpoint: string;
  readonly emulatorAddress: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

interface ServiceClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: () => Promise<Credentials>;
  readonly maxAttempts: number;
}

/** The emulator gave no session to a service. */
export class NoSession extends Error {
  constructor(principal: string, answer: string) {
    super(`The emulator gave ${principal} no session: ${answer}`);
    this.name = "NoSession";
  }
}

/** A service of AWS as a caller: its calls pass the front door and are on record under its principal. */
export class Service {
  readonly #clients = new Map<unknown, unknown>();

  /** @param principal such as `events.amazonaws.com`. */
  constructor(
    readonly principal: string,
    readonly surroundings: Surroundings,
    private readonly callers: ServiceCallers,
  ) {}

  /** One SDK client per class. It tries once only: when to try again is for the completion to say. */
  client<C>(type: new (config: ServiceClientConfig) => C): C {
    const { endpoint, region } = this.surroundings;
    const known = this.#clients.get(type) as C | undefined;
    const client =
      known ?? new type({ endpoint, region, credentials: () => this.#session(), maxAttempts: 1 });
    this.#clients.set(type, client);
    return client;
  }

  /** A session of the root's for this service, 12 hours long; the SDK asks for another before its end. */
  async #session(): Promise<Credentials> {
    const { emulatorAddress, region } = this.surroundings;
    const scope = `test/20000101/${region}/sts/aws4_request`;
    const response = await fetch(emulatorAddress, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
      body: new URLSearchParams({ Action: "GetSessionToken", Version: "2011-06-15" }),
    });
    const answer = await response.text();
    const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1] ?? "";
    const session = {
      accessKeyId: field("AccessKeyId"),
      secretAccessKey: field("SecretAccessKey"),
      sessionToken: field("SessionToken"),
      expiration: new Date(field("Expiration")),
    };
    if (session.accessKeyId === "") {
      throw new NoSession(this.principal, answer);
    }
    this.callers.introduce(session.accessKeyId, this.principal);
    return session;
  }
}
