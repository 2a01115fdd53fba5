import { once } from "node:events";
import * as path from "node:path";
import { Worker } from "node:worker_threads";

export interface OidcOptions {
  readonly clientId: string;
  /** At least 32 characters. The client sends it in the form, `client_secret_post`, as Cognito does. */
  readonly clientSecret: string;
  /** Where people may be sent back to. @default anything on this machine, whatever its port and path */
  readonly redirectUris?: readonly string[];
}

export interface OidcStandIn {
  /** The issuer, such as `http://127.0.0.1:51234`; below it `/.well-known/openid-configuration` tells the rest. */
  readonly address: string;
  stop(): Promise<void>;
}

/** The identity provider ended before it answered, or without being asked to. */
export class OidcStandInFailed extends Error {
  override readonly name = "OidcStandInFailed";

  constructor(reason: unknown) {
    super(`The stand-in for an OpenID Connect provider failed: ${reason}. Stop and start again.`);
  }
}

/**
 * An OpenID Connect provider in place of one on the internet, for one client and the code flow. Whoever it asks says
 * who they are, an email address and a name, and is believed; it remembers nobody. The ID token has the claims
 * `email`, `email_verified` and `name` when the scopes `email` and `profile` are asked for; `sub` is the same for the
 * same address at each start.
 *
 * It runs in a thread of its own: its library is an ES module that says on the console of every start what it
 * thinks of stand-ins.
 *
 * @throws OidcStandInFailed
 */
export async function startOidcStandIn(options: OidcOptions): Promise<OidcStandIn> {
  const worker = new Worker(path.join(__dirname, "thread.mjs"), {
    workerData: options,
    // The thread is plain JavaScript; what else runs in this process may not be.
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const exited = once(worker, "exit").then(([code]) => `it ended with code ${code}`);
  const first = await Promise.race([
    once(worker, "message").then(([address]) => ({ address })),
    exited,
  ]).catch((error) => String(error));
  if (typeof first === "string") {
    throw new OidcStandInFailed(first);
  }
  worker.on("error", (error) => process.emitWarning(new OidcStandInFailed(error)));
  worker.on("message", (failure) => process.emitWarning(new OidcStandInFailed(failure)));
  return {
    address: first.address,
    async stop() {
      await worker.terminate();
    },
  };
}
