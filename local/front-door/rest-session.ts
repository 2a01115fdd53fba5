/** Where the emulator is, and where it is called so that the call is on record. */
export interface RestSurroundings {
  readonly region: string;
  /** Address of the front door. */
  readonly endpoint: string;
  readonly emulatorAddress: string;
}

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Gets to know whose an access key is, for the record. */
export interface Introductions {
  introduce(accessKey: string, principal: string): void;
}

const PRINCIPAL = "apigateway.amazonaws.com";
/** A session is given up before its end, an hour after its begin. */
const SESSION_MS = 55 * 60_000;

/** The emulator let API Gateway not take a role. */
export class NoRole extends Error {
  override readonly name = "NoRole";

  constructor(role: string, answer: string) {
    const message = /<Message>([^<]*)/.exec(answer)?.[1] ?? answer;
    super(`API Gateway could not take the role ${role}: ${message}`);
  }
}

/** Headers by which the emulator takes a request for one of the root's, who deploys. */
export function rootHeaders(service: string, region: string): Record<string, string> {
  const scope = `test/20000101/${region}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` };
}

/** Sessions of the roles that integrations name, taken as API Gateway. */
export class RestSessions {
  readonly #sessions = new Map<string, { readonly session: Promise<Session>; readonly endsAt: number }>();

  constructor(
    private readonly surroundings: RestSurroundings,
    private readonly introductions: Introductions,
  ) {}

  /** @throws NoRole */
  of(role: string): Promise<Session> {
    const known = this.#sessions.get(role);
    if (known && known.endsAt > Date.now()) {
      return known.session;
    }
    const session = this.#assume(role);
    this.#sessions.set(role, { session, endsAt: Date.now() + SESSION_MS });
    session.catch(() => this.#sessions.delete(role));
    return session;
  }

  /** What was a role of this name may be another one now. */
  forget(): void {
    this.#sessions.clear();
  }

  async #assume(role: string): Promise<Session> {
    const { emulatorAddress, region } = this.surroundings;
    const response = await fetch(emulatorAddress, {
      method: "POST",
      headers: rootHeaders("sts", region),
      body: new URLSearchParams({
        Action: "AssumeRole",
        Version: "2011-06-15",
        RoleArn: role,
        RoleSessionName: "apigateway",
      }),
    });
    const answer = await response.text();
    const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1] ?? "";
    const session = {
      accessKeyId: field("AccessKeyId"),
      secretAccessKey: field("SecretAccessKey"),
      sessionToken: field("SessionToken"),
    };
    if (session.accessKeyId === "") {
      throw new NoRole(role, answer);
    }
    this.introductions.introduce(session.accessKeyId, PRINCIPAL);
    return session;
  }
}
