import type { Resource } from "../engine/resource";
import type { Call } from "../front-door/call";

/** A part of an AWS service that the emulator lacks, acting in that service's name. */
export interface Completion {
  /** Takes up what is deployed now, in place of what was. */
  configure(resources: readonly Resource[]): void;
  /** Hears of every call that has passed the front door, once it is over. */
  heard?(call: Call, status: number): void;
  /** Ends at once; what it had not finished is given up. */
  stop(): void;
}
