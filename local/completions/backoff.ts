import { setTimeout as delay } from "node:timers/promises";

/** AWS waits minutes between attempts; here nobody wants to. */
const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Wait before the attempt after `failures` failed ones, 1 or more: 100 ms, doubling up to 5 s. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}

/** Waits; false when it was told to stop meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
