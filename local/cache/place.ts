import type { Place } from "../engine/resource";

/** Where clients reach the caches. */
export interface CacheEndpoint {
  readonly address: string;
  readonly port: number;
}

const endpoint = Symbol("caches are reached here");

/** The place, as one that has caches behind an endpoint. */
export function withCaches<P extends Place>(place: P, { address, port }: CacheEndpoint): P {
  return { ...place, [endpoint]: { address, port } };
}

/** Undefined where there is nothing behind a cache: in a bare emulator, as tests of handlers have. */
export function cacheEndpoint(
  place: Place & { readonly [endpoint]?: CacheEndpoint },
): CacheEndpoint | undefined {
  return place[endpoint];
}
