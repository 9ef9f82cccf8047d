/** Objects that other processes map, and their seals. */

/** What a region says of the object that it maps. */
export interface ObjectClaim {
  /** One of {@link Kind}. */
  kind: number;
  /** One of {@link SourceKind}. */
  source: number;
  /** F_SEAL_* bits. */
  seals: number;
  /** -1 for all but segments. */
  segment: number;
  identity: string;
  /** -1 for segments. */
  descriptor: number;
}

/** How a handover ended. Error numbers are negative, 0 for none. */
export interface HandoverOutcome {
  errno: number;
  syscall: string;
  /** It is the receiver that failed. */
  refused: boolean;
  /** When time ran out: why the last attempt had failed. */
  reasonErrno: number;
  reasonSyscall: string;
  turnedAway: number;
  /** Of the receiver, unless it failed. */
  handle?: number;
}

export interface SharingFunctions {
  /** ENODEV where no object is mapped MAP_SHARED. */
  claim(handle: number): ObjectClaim;
  /** Finds an object by `path`, else by `segment`, else by `pid` and `descriptor`; checks that it is what is claimed, and maps it. */
  attachObject(
    kind: number,
    source: number,
    length: number,
    pageSize: number,
    seals: number,
    segment: number,
    identity: string,
    path: string,
    pid: number,
    descriptor: number,
    writable: boolean,
    degrade: boolean,
  ): number;
  /**
   * Hands over the object of a region. `timeout` is in nanoseconds, -1 for none.
   * @returns a job for {@link JobFunctions.cancel}
   */
  sendObject(handle: number, address: string, anyUser: boolean, timeout: number, onDone: (outcome: HandoverOutcome) => void): number;
  receiveObject(
    address: string,
    anyUser: boolean,
    timeout: number,
    writable: boolean,
    degrade: boolean,
    onDone: (outcome: HandoverOutcome) => void,
  ): number;
  /** F_SEAL_* bits. */
  seals(handle: number): number;
  seal(handle: number, seals: number): void;
}
