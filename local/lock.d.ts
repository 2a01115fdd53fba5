/** Who holds a lock: the process that took it and, once there is one, the keeper that may outlive it. */
export interface Owner {
  readonly pid: number;
  readonly keeper?: number;
}

/** A lock that is ours. */
export interface Lock {
  /** Keeps it taken until the keeper has ended too. */
  shareWithKeeper(keeper: number): void;
  release(): void;
}

/** Whether a process of this id runs on this machine. */
export function alive(pid: number): boolean;

/**
 * Takes the lock `file`, making its folder, or tells the living owner. A lock whose owner has ended is taken
 * over.
 */
export function tryLock(file: string): { lock: Lock; owner?: undefined } | { lock?: undefined; owner: Owner };

/** Waits until the lock `file` is ours; `onWait` is called once when somebody else holds it. */
export function waitForLock(file: string, onWait: (owner: Owner) => void): Promise<Lock>;
