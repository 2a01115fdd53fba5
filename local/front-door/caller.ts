import { createHash } from "node:crypto";

/** Who made a call. */
export interface Caller {
  /**
   * The function's name, `deployer`, the `sub` of a signed-in user, `anonymous`, or the access key itself when
   * nobody has told whose it is.
   */
  readonly name: string;
  /** Name of the Lambda function; only for its calls. */
  readonly function?: string;
  /** Name of the function's role; only for its calls. */
  readonly role?: string;
}

export const ANONYMOUS: Caller = { name: "anonymous" };
const DEPLOYER: Caller = { name: "deployer" };

/** Access keys the emulator takes for the account's root. */
const ROOT_KEY = /^(test|\d{12})$/;

const LONGEST_SUB = 128;

/** Knows whose access key is whose. */
export class Callers {
  readonly #byKey = new Map<string, { readonly caller: Caller; readonly account: string }>();

  /** @param account of keys that name none themselves. */
  constructor(readonly account = "000000000000") {}

  /**
   * Learns the session a function calls AWS with. To be told again when the role changes, and for each
   * published version that is invoked, whose ARN ends in its number.
   */
  learn(functionArn: string, roleArn: string): void {
    const [, , , , account = this.account, , name = functionArn] = functionArn.split(":");
    const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    const caller = { name, function: name, role };
    this.#byKey.set(sessionKey(functionArn, roleArn), { caller, account });
  }

  /** Who uses this access key; without one, `anonymous`. */
  name(accessKey: string | undefined): Caller {
    if (!accessKey) {
      return ANONYMOUS;
    }
    const learnt = this.#byKey.get(accessKey);
    return learnt?.caller ?? (ROOT_KEY.test(accessKey) ? DEPLOYER : { name: accessKey });
  }

  /** Account that this access key belongs to. */
  accountOf(accessKey: string | undefined): string {
    const learnt = this.#byKey.get(accessKey ?? "")?.account;
    return learnt ?? (accessKey && /^\d{12}$/.test(accessKey) ? accessKey : this.account);
  }
}

/** The access key that the emulator derives for a function under a role. */
function sessionKey(functionArn: string, roleArn: string): string {
  const digest = createHash("sha256").update(`${functionArn}:${roleArn}`).digest("hex");
  return `ASIA${digest.slice(0, 16).toUpperCase()}`;
}

/** The user an API request claims to come from, for display only: the token's signature is not looked at. */
export function userOf(authorization: string | undefined): Caller {
  const payload = authorization?.replace(/^Bearer /i, "").split(".")[1];
  if (!payload) {
    return ANONYMOUS;
  }
  try {
    const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString());
    return typeof sub === "string" && sub ? { name: sub.slice(0, LONGEST_SUB) } : ANONYMOUS;
  } catch {
    return ANONYMOUS;
  }
}
