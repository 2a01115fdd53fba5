import type * as z from "zod";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Makes a schema. A function, since a schema itself cannot be captured by a callback. */
export type SchemaFactory<T = unknown> = () => z.ZodType<T>;

/** One response of a route, for the OpenAPI document. */
export interface ResponseContract {
  readonly description: string;
  readonly schema?: SchemaFactory;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A header that a route reads. */
export interface HeaderContract {
  readonly description: string;
  readonly required: boolean;
  readonly schema: SchemaFactory<string>;
}

/** What an API needs to know of a route to mount it. */
export interface Route {
  /** Unique, such as `publishPhoto`: `operationId` of the OpenAPI document. */
  readonly id: string;
  readonly method: Method;
  /** Such as `/photos/{id}`. */
  readonly path: `/${string}`;
  readonly summary: string;
  /**
   * `user`: a signed-in user's access token is needed; `partner`: a partner's key, that a function knows; `key`: a key of
   * a usage plan, that API Gateway knows; `anyone`: open on purpose, as for what is public or proves itself.
   */
  readonly access: "user" | "partner" | "key" | "anyone";
  /** Of users, only members of this group of the user pool. */
  readonly group?: string;
  /** Name in lower case → what it may hold. */
  readonly headers?: Readonly<Record<string, HeaderContract>>;
}

/**
 * What a route takes and answers: shared by the API that mounts it, the handler that serves it and the OpenAPI
 * document that describes it.
 */
export interface RouteContract<Path = unknown, Query = unknown, Body = unknown> extends Route {
  readonly pathParameters?: SchemaFactory<Path>;
  readonly query?: SchemaFactory<Query>;
  readonly body?: SchemaFactory<Body>;
  /** Status → response. Problems that the shape of the route implies need not be named. */
  readonly responses: Readonly<Record<number, ResponseContract>>;
}

/** Declares a route's contract, inferring the types of its inputs. */
export function routeContract<Path = undefined, Query = undefined, Body = undefined>(
  contract: RouteContract<Path, Query, Body>,
): RouteContract<Path, Query, Body> {
  return contract;
}
