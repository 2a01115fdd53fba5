import * as pulumi from "@pulumi/pulumi";
import { Additions } from "../additions";
import type { Grant } from "../sdk/bind";

/** A function's callback that is being made ready; its grants are known then. */
type Built = Promise<{ readonly grants: readonly Grant[] }>;

/** One program may be evaluated several times in a process: each time has a stack resource of its own. */
const programs = new WeakMap<object, Additions<Built>>();
const outsideOfStacks = {};

function functions(): Additions<Built> {
  const program = pulumi.runtime.getStackResource() ?? outsideOfStacks;
  const known = programs.get(program) ?? new Additions("the network of such functions");
  programs.set(program, known);
  return known;
}

/**
 * Notes a function of the program, for networks to find those that belong to them.
 * @throws TooLate
 */
export function noteFunction(name: string, built: Built): void {
  functions().checkOpen(name, "new LambdaFunction");
  functions().add(built);
}

/** The grants of each function of the program, once all callbacks are ready. */
export async function grantsOfFunctions(): Promise<readonly (readonly Grant[])[]> {
  const all = await Promise.allSettled(await functions().all());
  // A callback that cannot be made ready fails its own function.
  return all.flatMap((built) => (built.status === "fulfilled" ? [built.value.grants] : []));
}
