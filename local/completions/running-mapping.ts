import type { Call } from "../front-door/call";
import type { MappingSettings } from "./mapping-settings";
import type { Position } from "./stream-reader";

/** Where a mapping is in each shard of its stream. */
export type Positions = ReadonlyMap<string, Position>;

/** A mapping at work: it takes what its source holds to its function. */
export interface RunningMapping {
  readonly settings: MappingSettings;
  /** Hears of every call that has succeeded. */
  heard?(call: Call): void;
  /** Ends after what is under way; answers where a successor with other settings begins in a stream. */
  stop(): Promise<Positions | undefined>;
}
