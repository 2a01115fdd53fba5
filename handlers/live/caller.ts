import type { SocketEvent } from "../../components/socket-contract";

/** Whose connection an event is of, by what the authorizer said when it was opened. */
export interface Caller {
  /** The connection's id. */
  readonly id: string;
  /** `sub` of the user. */
  readonly user: string;
  /** When the user's token expires, in seconds since 1970. */
  readonly tokenExpiresAt: number;
}

export function callerOf({ requestContext: { authorizer, connectionId, routeKey } }: SocketEvent): Caller {
  const { sub, expiresAt } = authorizer ?? {};
  if (typeof sub !== "string" || sub === "" || !Number.isFinite(Number(expiresAt))) {
    throw new Error(
      `An event of ${routeKey} says of no user: has the API's authorizer given its context a sub and an expiresAt?`,
    );
  }
  return { id: connectionId, user: sub, tokenExpiresAt: Number(expiresAt) };
}
