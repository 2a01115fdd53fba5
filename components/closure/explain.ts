import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { locationOf } from "./location";

/** A callback captures a value that has no text form. */
export class Unserialisable extends pulumi.RunError {}

/** Says of a failed serialisation which captured value it was and where the callback uses it. */
export function explain(name: string, callback: () => unknown, cause: Error): Error {
  const [, variable] = /captured\s+(?:variable |module )?'([^']+)'/.exec(cause.message) ?? [];
  if (variable === undefined) {
    return cause;
  }
  const [, native] = /(function '[^']*')(?=: which could not)/.exec(cause.message) ?? [];
  const location = locationOf(callback, variable);
  const at = location ? ` (${path.relative(process.cwd(), location.file)}:${location.line})` : "";
  const why = native ? `: it holds ${native}, which is native code` : "";
  return new Unserialisable(
    `${name}: the callback captures \`${variable}\`${at}, which cannot be serialised${why}. ` +
      "Make such a value inside the callback, or once per container in a factory: " +
      `{ factory: () => { const ${variable} = …; return async (event) => … } }.`,
    { cause },
  );
}
