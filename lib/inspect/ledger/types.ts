/** The ledger: whose the pages of the pools are. All counts are pages of the pool. */
import type { Size } from '../../units.js';

/** What {@link ledger} does. */
export interface LedgerOptions {
  /** Only the pool of these pages. */
  readonly pageSize?: Size;
  /** How often everything is read again while the counters change: 1 to 100, 5 by default. */
  readonly attempts?: number;
}

/** A process that has something to do with pages. */
export interface LedgerHolder {
  readonly pid: number;
  /** Its name: `comm`. */
  readonly command: string;
  /** Whether it maps them, or has the file open; both in that order. */
  readonly uses: readonly ('mapped' | 'open')[];
}

/** What every row of a pool has. */
export interface LedgerCounts {
  /** Pages that are taken from the pool: of `total - free`. */
  readonly used: number;
  /**
   * Pages that are promised: of `resv_hugepages`. Negative for pages that give a reservation back when they are freed, which the kernel
   * has counted off already (Linux 6.9): those that a process has from a parent that has ended, or has unmapped them.
   */
  readonly reserved: number;
  /** Empty where no process uses them, or none that is seen. */
  readonly holders: readonly LedgerHolder[];
}

/** Pages in private mappings. After fork(2) several processes hold the same pages, until they write to them: a row of its own. */
export interface PrivateRow extends LedgerCounts {
  readonly kind: 'private';
}

/**
 * An object whose pages are shared: memory of `mmap(MAP_SHARED | MAP_ANONYMOUS)`, a memfd, a System V segment, a file on hugetlbfs. It has
 * its pages also while nobody maps it.
 */
export interface ObjectRow extends LedgerCounts {
  readonly kind: 'anonymous' | 'memfd' | 'sysv' | 'file';
  /** The name of a memfd, the path of a file; of a file whose name is gone, the one that it had. */
  readonly name: string;
  /** `major:minor` of its file system; undefined of a segment that nobody has attached. */
  readonly device: string | undefined;
  /** With the device, what it is known by. The id of a segment. */
  readonly inode: number;
  /** Its length; undefined where this user may not ask. */
  readonly byteLength: number | undefined;
  /** Whether it has a name in a directory. */
  readonly linked: boolean;
  /** Of a segment of this process's IPC namespace, and of those that it may enter. */
  readonly segment: LedgerSegment | undefined;
  /**
   * Whether nobody else can use it. False where processes may, that this user may not look into or that `/proc` does not show: then
   * empty `holders` do not say that nobody does.
   */
  readonly holdersComplete: boolean;
}

/** What the kernel says of a System V segment. */
export interface LedgerSegment {
  readonly id: number;
  /** 0 of IPC_PRIVATE, and of one that is marked for removal. */
  readonly key: number;
  /** User id of its maker. */
  readonly creatorUid: number;
  /** Its maker, as its PID namespace counts; it may have ended, and another process have the number. */
  readonly creatorPid: number;
  readonly attachments: number;
  /** Where it is; undefined in this process's own IPC namespace. */
  readonly namespace: LedgerIpcNamespace | undefined;
}

/** Another IPC namespace. */
export interface LedgerIpcNamespace {
  /** As the kernel names it: `ipc:[4026532281]`. */
  readonly name: string;
  /** A process that is in it. */
  readonly pid: number;
}

/** What a mount keeps for its files: the part of `min_size` that nothing in it uses. */
export interface MountRow extends LedgerCounts {
  readonly kind: 'mount';
  readonly mountPoint: string;
  readonly device: string;
}

/** Reservations that are known only together, as 0 or less too: the kernel does not say which of these has how many. */
export interface UndeterminedRow extends LedgerCounts {
  readonly kind: 'undetermined';
  /**
   * The rows that may have them, by their index in `rows`, which counts from 0, with what each may have of them: from `least`, which is
   * 0 or below, to `most`, which is 0 or above.
   */
  readonly among: readonly { readonly row: number; readonly least: number; readonly most: number }[];
}

/**
 * What nothing accounts for. Negative where rows have more than the pool: it changed meanwhile. Reserved also while a page fault fills a
 * page, whose reservation is gone before a mapping has it; and for a user who does not see all that others do, what may be reserved for
 * them and not for the rows.
 */
export interface ResidueRow extends LedgerCounts {
  readonly kind: 'residue';
  /** What it may be. */
  readonly reasons: readonly string[];
}

/** One row; see `kind`. */
export type LedgerRow = PrivateRow | ObjectRow | MountRow | UndeterminedRow | ResidueRow;

/** One pool. The rows add up to `used` and to `reserved`. */
export interface LedgerPool {
  /** Bytes. */
  readonly pageSize: number;
  readonly total: number;
  readonly free: number;
  /** `total - free` */
  readonly used: number;
  /** As {@link LedgerCounts.reserved}, may be negative. */
  readonly reserved: number;
  readonly surplus: LedgerSurplus;
  /** The largest first. */
  readonly rows: readonly LedgerRow[];
  /** Of the row of that kind; 0 where all is accounted for. */
  readonly residue: { readonly used: number; readonly reserved: number };
}

/** Why a pool has pages beyond the persistent ones. */
export interface LedgerSurplus {
  readonly pages: number;
  /** `nr_overcommit_hugepages` */
  readonly overcommit: number;
  /** More than may be made on demand: those of a pool that was made smaller while they were in use, or whose overcommit was. */
  readonly shrunk: number;
}

/** Whose the pages are. */
export interface Ledger {
  readonly pools: readonly LedgerPool[];
  /**
   * The counters were the same before and after, and the rows came to them, or came short of them by the same twice. Otherwise others
   * changed the pools all the time, and rows are of different moments.
   */
  readonly consistent: boolean;
  /** How often everything was read. */
  readonly attempts: number;
  /** Whether there is more than this user is shown: see `gaps`. */
  readonly partial: boolean;
  /** What is not seen, in sentences. */
  readonly gaps: readonly string[];
  /** Processes that may not be looked into, by pid. */
  readonly unreadable: readonly { readonly pid: number; readonly command: string }[];
}
