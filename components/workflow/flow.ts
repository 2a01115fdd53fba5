import * as pulumi from "@pulumi/pulumi";

/** State → those that may follow it. One that nothing follows is an end. */
export type Flow = ReadonlyMap<string, readonly string[]>;

/** A workflow starts at, or a state goes on with, one that is not there. */
export class UnknownState extends pulumi.RunError {}

/** No execution comes to a state. */
export class UnreachableState extends pulumi.RunError {}

/** Executions that come to a state never end. */
export class EndlessState extends pulumi.RunError {}

/**
 * Refuses a flow that has states in vain, or executions that cannot end.
 * @throws UnknownState, UnreachableState, EndlessState
 */
export function checkFlow(workflow: string, startAt: string, flow: Flow): void {
  const known = [...flow.keys()];
  if (!flow.has(startAt)) {
    throw new UnknownState(
      `${workflow}: startAt is ${startAt}, which is no state; there are ${known.join(", ")}`,
    );
  }
  for (const [state, next] of flow) {
    const unknown = next.find((name) => !flow.has(name));
    if (unknown !== undefined) {
      throw new UnknownState(
        `${workflow}: state ${state} goes on with ${unknown}, which is no state; there are ${known.join(", ")}`,
      );
    }
  }
  const reached = reachable([startAt], flow);
  const unreachable = known.filter((state) => !reached.has(state));
  if (unreachable.length > 0) {
    throw new UnreachableState(
      `${workflow}: no execution comes from ${startAt} to ${unreachable.join(", ")}; let a state go on with it, ` +
        "or remove it",
    );
  }
  const ends = known.filter((state) => flow.get(state)?.length === 0);
  const ending = reachable(ends, reversed(flow));
  const endless = known.filter((state) => !ending.has(state));
  if (endless.length > 0) {
    throw new EndlessState(
      `${workflow}: no way leads from ${endless.join(", ")} to a state that ends the execution; let one of them go ` +
        "on, or a catch of it, with a succeed() or fail()",
    );
  }
}

function reachable(from: readonly string[], flow: Flow): ReadonlySet<string> {
  const reached = new Set(from);
  // A set tells what is added to it while it is gone through, too.
  for (const state of reached) {
    for (const next of flow.get(state) ?? []) {
      reached.add(next);
    }
  }
  return reached;
}

function reversed(flow: Flow): Flow {
  const before = new Map<string, string[]>([...flow.keys()].map((state) => [state, []]));
  for (const [state, next] of flow) {
    for (const name of next) {
      before.get(name)?.push(state);
    }
  }
  return before;
}
