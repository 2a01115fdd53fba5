import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Location, locationOf, variableHolding } from "./location";

/** A callback captures a value that has no text form. */
export class Unserialisable extends pulumi.RunError {}

/** Says of a failed serialisation which captured value it was and where the callback uses it. */
export function explain(name: string, callback: () => unknown, cause: Error): Error {
  const [, variable] = /captured\s+(?:variable |module )?'([^']+)'/.exec(cause.message) ?? [];
  if (variable === undefined) {
    return cause;
  }
  const [, native] = /(function '[^']*')(?=: which could not)/.exec(cause.message) ?? [];
  const why = native ? `: it holds ${native}, which is native code` : "";
  return unserialisable(name, variable, locationOf(callback, variable), why, cause);
}

/**
 * The error for a captured `value`, a `kind` of object whose content the serialiser does not see. `functions` are
 * those captured so far: the latest that names the value in its source is the one to point at.
 */
export function hidden(name: string, kind: string, value: object, functions: readonly object[]): Error {
  const why = `: the content of a ${kind} is not in its properties`;
  for (const user of [...functions].reverse()) {
    const variable = variableHolding(user, value);
    if (variable !== undefined) {
      return unserialisable(name, variable, locationOf(user as () => unknown, variable), why);
    }
  }
  return unserialisable(name, undefined, undefined, why);
}

function unserialisable(
  name: string,
  variable: string | undefined,
  location: Location | undefined,
  why: string,
  cause?: Error,
): Unserialisable {
  const what = variable === undefined ? "a value" : `\`${variable}\``;
  const at = location ? ` (${path.relative(process.cwd(), location.file)}:${location.line})` : "";
  return new Unserialisable(
    `${name}: the callback captures ${what}${at}, which cannot be serialised${why}. ` +
      "Make such a value inside the callback, or once per container in a factory: " +
      `{ factory: () => { const ${variable ?? "value"} = …; return async (event) => … } }.`,
    { cause },
  );
}
