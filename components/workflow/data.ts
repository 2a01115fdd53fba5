import * as pulumi from "@pulumi/pulumi";

/**
 * Where a result goes in the data that states hand on: under this key, beside what is there already, for which the data
 * must be an object; `null` drops it. Absent, it replaces the data.
 */
export type ResultKey = string | null;

/** A key or path names no field of the data. */
export class InvalidField extends pulumi.RunError {
  constructor(workflow: string, state: string, field: string) {
    super(
      `${workflow}: state ${state} names the field "${field}" of the data; a field is letters, digits and _, ` +
        "not a digit first, and only `on` and `seconds` take a path of several, with dots between",
    );
  }
}

const field = /^[A-Za-z_]\w*$/;

export function checkResult(workflow: string, state: string, key: ResultKey | undefined): void {
  if (typeof key === "string" && !field.test(key)) {
    throw new InvalidField(workflow, state, key);
  }
}

export function checkPath(workflow: string, state: string, path: string): void {
  if (!path.split(".").every((part) => field.test(part))) {
    throw new InvalidField(workflow, state, path);
  }
}

/** A JSONata expression as a definition holds it. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** JSONata for a field of the state's input; quoted, as a field may be named like an operator. */
export function inputAt(path: string): string {
  return ["$states.input", ...path.split(".").map((part) => `\`${part}\``)].join(".");
}

/** JSONata for what a state hands on of its input and its result. */
export function handedOn(key: ResultKey | undefined, result: string): string {
  if (key === undefined) {
    return jsonata(result);
  }
  return jsonata(
    key === null ? "$states.input" : `$merge([$states.input, {${JSON.stringify(key)}: ${result}}])`,
  );
}
