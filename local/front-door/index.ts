import { randomUUID } from "node:crypto";
import { Callers } from "./caller";
import { HideErrors } from "./errors";
import { Faults } from "./faults";
import { Guard } from "./guard";
import type { Interceptor } from "./interceptor";
import { FrontDoor } from "./proxy";
import { CallRecord } from "./record";
import { RecordAddress } from "./record-address";
import { RestGateway } from "./rest-gateway";
import { Throttle } from "./throttle";

export interface OpenFrontDoorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Gets a JSON line per call, begun anew at each start. */
  readonly recordFile: string;
  /** @default knows the engine and functions */
  readonly callers?: Callers;
  /** What has an address of its own below `/_gallery/`, or only listens. @default nothing */
  readonly addresses?: readonly Interceptor[];
}

/** A front door with its default interceptors, each at hand for those who configure or ask it. */
export interface OpenFrontDoor {
  readonly door: FrontDoor;
  readonly callers: Callers;
  readonly record: CallRecord;
  readonly guard: Guard;
  /** For the engine's clients to send as `x-gallery-deployer`: lets them use root's key. */
  readonly deployerToken: string;
  readonly throttle: Throttle;
  readonly rest: RestGateway;
}

/**
 * Opens the front door. The record is outermost, so that it sees what the client sees; the guard is next, so that
 * nothing else sees what it refuses.
 *
 * @throws PortInUse
 */
export async function openFrontDoor(options: OpenFrontDoorOptions): Promise<OpenFrontDoor> {
  const { port, recordFile, callers = new Callers(), addresses = [] } = options;
  const record = new CallRecord({ file: recordFile });
  const throttle = new Throttle();
  const rest = new RestGateway();
  const deployerToken = randomUUID();
  const guard = new Guard(deployerToken);
  const interceptors = [
    record,
    guard,
    new RecordAddress(record),
    ...addresses,
    new Faults(),
    rest,
    new HideErrors(),
    throttle,
  ];
  try {
    const door = await FrontDoor.start({ port, callers, interceptors });
    return { door, callers, record, guard, deployerToken, throttle, rest };
  } catch (error) {
    record.stop();
    throw error;
  }
}
