import * as pulumi from "@pulumi/pulumi";
import type { RouteContract } from "../route-contract";
import { propertiesOf } from "./body-model";

/** A route is to be cached by what it does not read. */
export class UnknownCacheKey extends pulumi.RunError {}

/** A route is to be cached that changes something. */
export class NotCacheable extends pulumi.RunError {}

/** What the answers of a cached route may depend on. */
export interface CacheKeys {
  readonly path: readonly string[];
  readonly query: readonly string[];
  /** In lower case. */
  readonly headers: readonly string[];
}

/**
 * What tells one cached answer from another: path parameters always, of the others those named, or all.
 * @throws UnknownCacheKey, NotCacheable
 */
export function cacheKeysOf(name: string, contract: RouteContract, named?: readonly string[]): CacheKeys {
  if (contract.method !== "GET") {
    throw new NotCacheable(`${name}: only what GET answers is cached, not ${contract.method}`);
  }
  const path = [...contract.path.matchAll(/\{([^}]+)\}/g)].map(([, parameter = ""]) => parameter);
  const query = propertiesOf(contract.query).all;
  const headers = Object.keys(contract.headers ?? {});
  const known = [...path, ...query, ...headers];
  const unknown = named?.find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new UnknownCacheKey(
      `${name}: the cache key ${unknown} is nothing that the route reads; it reads ${known.join(", ") || "nothing"}`,
    );
  }
  const chosen = (keys: readonly string[]) => keys.filter((key) => named?.includes(key) ?? true);
  return { path, query: chosen(query), headers: chosen(headers) };
}

/** The keys as API Gateway names parameters of a request. */
export function parametersOf({ path, query, headers }: CacheKeys): string[] {
  return [
    ...path.map((key) => `method.request.path.${key}`),
    ...query.map((key) => `method.request.querystring.${key}`),
    ...headers.map((key) => `method.request.header.${key}`),
  ];
}
