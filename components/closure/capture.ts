import * as types from "node:util/types";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, grantOf, WholeClient } from "../sdk/bind";
import { explain, hidden } from "./explain";
import { rememberScopes } from "./scopes";

rememberScopes();

/** A Lambda handler: an inline callback, or a factory that makes it once per container. */
export type Handler<Event = never, Result = unknown> = Callback<Event, Result> | Factory<Event, Result>;
export type Callback<Event, Result> = (event: Event, context: Context) => Promise<Result>;
export interface Factory<Event, Result> {
  readonly factory: () => Callback<Event, Result>;
}
/** What Lambda tells of the invocation. */
export type Context = import("aws-lambda").Context;

/** A callback as text, and what it captured of bound clients. */
export interface Capture {
  /** A CommonJS module that exports `handler`. */
  readonly text: string;
  readonly grants: readonly Grant[];
}

/** The callback uses a bound client in a way that hides which methods it calls. */
export class WholeClientCaptured extends pulumi.RunError {
  constructor(name: string, { owner, methods }: WholeClient) {
    super(
      `${name}: the callback captures the whole client of ${owner}, so its grants cannot be inferred. ` +
        `Call the methods on the client by name where they are used (client.${methods[0]}(…)); do not spread, ` +
        "destructure, index or pass on the client inside a callback, and give an instance of a class the methods " +
        "it calls rather than the client.",
    );
  }
}

/** The callback uses a value that is known only after deployment. */
export class OutputCaptured extends pulumi.RunError {
  constructor(name: string) {
    super(
      `${name}: the callback captures an Output, whose value is known only after deployment. ` +
        "Give it to the function as `environment`, or call a bound client, which knows its resource.",
    );
  }
}

/** Kinds of objects that keep their content where the serialiser, which copies properties, does not see it. */
const hiding: readonly (readonly [kind: string, is: (value: unknown) => boolean])[] = [
  ["Map", types.isMap],
  ["Set", types.isSet],
  ["WeakMap", types.isWeakMap],
  ["WeakSet", types.isWeakSet],
  ["Date", types.isDate],
  ["Buffer", Buffer.isBuffer],
  ["typed array", ArrayBuffer.isView],
  ["ArrayBuffer", types.isAnyArrayBuffer],
  ["URL", (value) => value instanceof URL],
];

/** Serialises a callback and notes the bound methods it captured, itself or through functions it calls. */
export async function capture(name: string, handler: Handler): Promise<Capture> {
  const found = new Set<Grant>();
  const isFactoryFunction = typeof handler !== "function";
  const callback = isFactoryFunction ? handler.factory : handler;
  const functions: object[] = [callback];
  const inspect = (captured: unknown): boolean => {
    if (captured instanceof WholeClient) {
      throw new WholeClientCaptured(name, captured);
    }
    if (pulumi.Output.isInstance(captured)) {
      throw new OutputCaptured(name);
    }
    if (typeof captured === "function") {
      functions.push(captured);
      const grant = grantOf(captured);
      if (grant) {
        found.add(grant);
      }
    } else if (typeof captured === "object" && captured !== null) {
      const [kind] = hiding.find(([, is]) => is(captured)) ?? [];
      if (kind !== undefined) {
        throw hidden(name, kind, captured, functions);
      }
    }
    return true;
  };
  try {
    const { text } = await pulumi.runtime.serializeFunction(callback, {
      serialize: inspect,
      isFactoryFunction,
    });
    return { text, grants: [...found] };
  } catch (error) {
    throw error instanceof Error ? explain(name, callback as () => unknown, error) : error;
  }
}
