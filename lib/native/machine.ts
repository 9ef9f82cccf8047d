/** The machine and this process, without any region. */

export interface Features {
  populateWrite: boolean;
  pagemapScan: boolean;
  procmapQuery: boolean;
  frameNumbers: boolean;
  softDirty: boolean;
  sharedArrayBuffer: boolean;
}

export interface MachineFunctions {
  /** Mounts hugetlbfs with the file system's own options, such as `pagesize=2M,size=1073741824`, and nosuid, nodev: mount(2). */
  mount(target: string, options: string): void;
  /** Unmounts what is uppermost on a directory that is no symbolic link: umount2(2). */
  unmount(target: string): void;
  /** An exclusive flock(2) on a file descriptor, without waiting. False when someone else has it. */
  tryLock(descriptor: number): boolean;
  /** A write lease on a file, fcntl(2), until the descriptor is closed. False when any process has it open or mapped otherwise. */
  tryLease(descriptor: number): boolean;
  /** What {@link tryLease} says, with the lease given back at once. */
  isAlone(descriptor: number): boolean;
  /**
   * Writes a kernel file that goes by the memory policy of the writing thread, which has it for this write only, on a thread of
   * libuv's pool. `mode`: a MPOL_* value.
   */
  writeUnderPolicy(path: string, text: string, mode: number, nodes: Int32Array): Promise<void>;
  writeUnderPolicySync(path: string, text: string, mode: number, nodes: Int32Array): void;
  /** Random, made once per process: tokens of another process do not carry it. */
  processId(): string;
  /** What the kernel and this Node.js have; `frameNumbers` is a matter of CAP_SYS_ADMIN. */
  features(): Features;
  /** CPUs this thread may run on: sched_getaffinity(2). */
  allowedCpus(): number[];
  /** Bytes of a base page: sysconf(_SC_PAGESIZE). */
  basePageSize(): number;
  /** Bytes per page of a System V segment: attaches it read-only for a moment. */
  segmentPageSize(id: number): number;
  /** The same of another IPC namespace: `descriptor` is of its file in `/proc/PID/ns`. A thread of its own enters it: setns(2). */
  segmentPageSizeIn(descriptor: number, id: number): number;
  /** The text of a file of procfs that is about the IPC namespace of whoever reads it, as read in another one. */
  readInIpcNamespace(descriptor: number, path: string): string;
}
