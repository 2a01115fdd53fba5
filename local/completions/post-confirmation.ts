import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { connectCloud } from "../engine/cloud";
import type { Resource } from "../engine/resource";
import type { Fields } from "../front-door/fields";
import { headerOf, withoutHeaders } from "../front-door/headers";
import type { Exchange, Interceptor, Reply } from "../front-door/interceptor";
import type { Completion } from "./completion";
import { type AwsFailure, errorInstead } from "./error-instead";
import { jsonOf, textIn } from "./json-body";
import { federatedUsersSince, type PoolUser, userOf, verifyEmail } from "./pool-users";
import { type Confirmation, confirmationBy, postConfirmationEvent } from "./post-confirmation-event";
import type { Service } from "./service";
import { invokeTrigger } from "./trigger-invocation";
import { type DeployedPool, deployedPools } from "./user-pools";

/** How long Cognito waits for a trigger's answer ("Customizing user pool workflows with Lambda triggers"). */
const TIMEOUT_MS = 5_000;

/** Where another identity provider sends a user back to: OpenID Connect, OAuth or SAML. */
const FROM_PROVIDER = /^cognito-idp:Idpresponse_(GET|POST)$/;

interface Connection {
  readonly cognito: Service;
  /** Looking at a user is no call that anybody made: it goes past the front door and is not on record. */
  readonly emulator: CognitoIdentityProviderClient;
}

/**
 * Invokes the post-confirmation trigger of deployed user pools, which the emulator does not: after a sign-up is confirmed
 * by code, by an administrator, or at once by the pre sign-up trigger; after a forgotten password is set anew; after the
 * first sign-in through another identity provider. The client waits for it, and is told when it fails, though the
 * user is confirmed all the same.
 *
 * Keeps, too, that the code of a sign-up has verified the email address it was sent to.
 */
export class PostConfirmation implements Interceptor, Completion {
  readonly name = "post-confirmation";
  #connection: Connection | undefined;
  #pools: readonly DeployedPool[] = [];
  /** `sub` of each federated user the trigger was told of: two who sign in at once both see each other as new. */
  readonly #told = new Set<string>();
  readonly #stopped = new AbortController();

  constructor(private readonly timeoutMs = TIMEOUT_MS) {}

  /** Begins to act, as `cognito-idp.amazonaws.com`. */
  connect(cognito: Service): void {
    const { region, account, emulatorAddress } = cognito.surroundings;
    const emulator = connectCloud({ region, account, endpoint: emulatorAddress });
    this.#connection = { cognito, emulator: emulator.client(CognitoIdentityProviderClient) };
  }

  configure(resources: readonly Resource[]): void {
    this.#pools = deployedPools(resources);
  }

  stop(): void {
    this.#stopped.abort();
    this.#connection?.emulator.destroy();
  }

  async after(exchange: Exchange, answer: Reply): Promise<Reply | undefined> {
    const connection = this.#connection;
    if (!connection) {
      return undefined;
    }
    const { action } = exchange.call;
    if (FROM_PROVIDER.test(action)) {
      return this.#afterProvider(connection, exchange, answer);
    }
    if (answer.status !== 200 || !confirmationBy(action, {})) {
      return undefined;
    }
    const failure = await this.#afterCall(connection, exchange, answer);
    return failure && errorInstead(exchange, answer, failure);
  }

  async #afterCall(
    connection: Connection,
    { call: { action }, body }: Exchange,
    answer: Reply,
  ): Promise<AwsFailure | undefined> {
    const request = await jsonOf(body);
    const confirmation = confirmationBy(action, request);
    const pool = this.#poolOf(request);
    if (!pool || !confirmation || !(await hasConfirmed(action, answer))) {
      return undefined;
    }
    const user = await userOf(connection.emulator, pool.id, textIn(request, "Username") ?? "");
    const isVerified = action === "cognito-idp:ConfirmSignUp" && pool.verifiesEmail && user.attributes.email;
    const known = isVerified ? await verifyEmail(connection.emulator, pool.id, user) : user;
    return this.#tell(connection, pool, known, confirmation);
  }

  #poolOf({ UserPoolId, ClientId }: Fields): DeployedPool | undefined {
    return this.#pools.find(
      ({ id, clients }) => id === UserPoolId || clients.some((client) => client.id === ClientId),
    );
  }

  /** Tells of those who are in the pool only since this sign-in. */
  async #afterProvider(
    connection: Connection,
    { startedAt }: Exchange,
    answer: Reply,
  ): Promise<Reply | undefined> {
    const [, page, query] = /^(.+?)[?&](code=.+)$/.exec(headerOf(answer.headers, "location") ?? "") ?? [];
    if (page === undefined) {
      return undefined;
    }
    for (const pool of this.#pools) {
      const client = pool.clients.find(({ callbackUrls }) => callbackUrls.includes(page));
      if (!client || !pool.postConfirmationArn) {
        continue;
      }
      for (const user of await federatedUsersSince(connection.emulator, pool.id, startedAt)) {
        const failure = await this.#tellOnce(connection, pool, user, client.id);
        if (failure) {
          return errorAtPage(answer, page, new URLSearchParams(query).get("state"), failure);
        }
      }
    }
    return undefined;
  }

  async #tellOnce(
    connection: Connection,
    pool: DeployedPool,
    user: PoolUser,
    clientId: string,
  ): Promise<AwsFailure | undefined> {
    const { sub = "" } = user.attributes;
    if (this.#told.has(sub)) {
      return undefined;
    }
    this.#told.add(sub);
    const source = "PostConfirmation_ConfirmSignUp";
    return this.#tell(connection, pool, user, { source, clientId, clientMetadata: undefined });
  }

  async #tell(
    { cognito }: Connection,
    { id, postConfirmationArn }: DeployedPool,
    user: PoolUser,
    confirmation: Confirmation,
  ): Promise<AwsFailure | undefined> {
    const place = { userPoolId: id, region: cognito.surroundings.region };
    return postConfirmationArn === undefined
      ? undefined
      : invokeTrigger(cognito, {
          trigger: "PostConfirmation",
          functionArn: postConfirmationArn,
          event: postConfirmationEvent(user, confirmation, place),
          timeoutMs: this.timeoutMs,
          signal: this.#stopped.signal,
        });
  }
}

/** A sign-up confirms only where the pre sign-up trigger has said so. */
async function hasConfirmed(action: string, answer: Reply): Promise<boolean> {
  return action !== "cognito-idp:SignUp" || (await jsonOf(answer.body)).UserConfirmed === true;
}

/** The same redirect with an error in place of the code, as Cognito's pages tell an application of a trigger's. */
function errorAtPage(answer: Reply, page: string, state: string | null, { message }: AwsFailure): Reply {
  const query = new URLSearchParams({ error_description: message, error: "invalid_request" });
  if (state !== null) {
    query.set("state", state);
  }
  const location = `${page}${page.includes("?") ? "&" : "?"}${query}`;
  return {
    ...answer,
    headers: [...withoutHeaders(answer.headers, new Set(["location"])), "location", location],
  };
}
