import { Callers } from "./caller";
import { HideErrors } from "./errors";
import { FrontDoor } from "./proxy";
import { CallRecord } from "./record";
import { Throttle } from "./throttle";

export interface OpenFrontDoorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Gets a JSON line per call. */
  readonly recordFile: string;
}

/** A front door with its default interceptors, each at hand for those who configure or ask it. */
export interface OpenFrontDoor {
  readonly door: FrontDoor;
  readonly callers: Callers;
  readonly record: CallRecord;
  readonly throttle: Throttle;
}

/**
 * Opens the front door. The record is outermost, so that it sees what the client sees.
 *
 * @throws PortInUse
 */
export async function openFrontDoor({ port, recordFile }: OpenFrontDoorOptions): Promise<OpenFrontDoor> {
  const callers = new Callers();
  const record = new CallRecord({ file: recordFile });
  const throttle = new Throttle();
  const interceptors = [record, new HideErrors(), throttle];
  try {
    const door = await FrontDoor.start({ port, callers, interceptors });
    return { door, callers, record, throttle };
  } catch (error) {
    record.stop();
    throw error;
  }
}
