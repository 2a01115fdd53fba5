import * as pulumi from "@pulumi/pulumi";

/** An argument is outside what AWS takes. */
export class OutOfRange extends pulumi.RunError {}

/** Refuses an argument that is not a whole number from `from` to `to`; `name` is the resource's. */
export function checkRange(
  name: string,
  argument: string,
  value: number,
  from: number,
  to = Number.POSITIVE_INFINITY,
): void {
  if (!Number.isInteger(value) || value < from || value > to) {
    const range = to === Number.POSITIVE_INFINITY ? `${from} or more` : `from ${from} to ${to}`;
    throw new OutOfRange(`${name}: ${argument} is ${value}; it must be a whole number ${range}`);
  }
}
