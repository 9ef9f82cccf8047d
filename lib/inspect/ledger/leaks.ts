/** Pages that nobody will give back: what was left behind, and the command that frees it. */
import { restore } from '../../host/journal/restore.js';
import { useOfFile } from '../../host/mounts/file-use.js';
import { quote } from '../../host/mounts/request.js';
import { sudo } from '../../host/remedy.js';
import { UNREADABLE } from '../procfs/reading.js';
import { statusOf } from '../procfs/status.js';
import { ledger } from './ledger.js';
import { processOnWay } from './mounted.js';
import type { Ledger, LedgerOptions, LedgerRow, LedgerSegment, ObjectRow } from './types.js';

/** What every leak has. */
export interface LeakedPages {
  /** Bytes. */
  readonly pageSize: number;
  readonly used: number;
  readonly reserved: number;
}

/** A System V segment that nobody has attached. */
export interface LeakedSegment extends LeakedPages {
  readonly kind: 'segment';
  readonly segment: LedgerSegment;
  /** Whether its maker has ended, as far as is seen. One that runs may be about to attach it. */
  readonly creatorEnded: boolean;
  /** Frees it, when pasted into a shell. In another IPC namespace it does so as long as the process of `segment.namespace` runs. */
  readonly command: string;
}

/** A file on hugetlbfs that no process maps or has open. */
export interface LeakedFile extends LeakedPages {
  readonly kind: 'file';
  /** With bytes that are no UTF-8 as in {@link Leftover.path}. */
  readonly path: string;
  /**
   * The process by which path and command lead to it, where it is in another mount namespace: they do so as long as that runs, and not
   * when another process has its number.
   */
  readonly throughPid: number | undefined;
  /**
   * Whether nobody uses it. Where the kernel does not tell this user, it is whether all processes were seen, as
   * {@link ObjectRow.holdersComplete}: if not, it may be no leak at all.
   */
  readonly certain: boolean;
  /** Frees it, when pasted into a shell; undefined where it is not certain that nobody uses it. */
  readonly command: string | undefined;
}

/** What a program of this package had changed for a while, that was killed before it put it back: the size of a pool, settings, mounts. */
export interface LeakedChanges {
  readonly kind: 'changes';
  readonly purpose: string;
  readonly pid: number;
  readonly count: number;
  readonly command: string;
}

/** One thing that was left behind; see `kind`. */
export type Leak = LeakedSegment | LeakedFile | LeakedChanges;

/** What was left behind, and how much of everything was seen, as in a {@link Ledger}. */
export interface Leaks extends Pick<Ledger, 'consistent' | 'partial' | 'gaps' | 'unreadable'> {
  readonly leaks: readonly Leak[];
}

/**
 * Finds what keeps pages and is of no use to anybody: segments that nobody has attached, files that no process maps or has open, and what
 * killed programs of this package have left changed. Changes nothing.
 *
 * Of a file that no process is seen with, the kernel itself is asked whether anybody has it, by a write lease that is given back at
 * once; it is opened for that. It tells the owner of the file and CAP_LEASE. Otherwise the file is not `certain`, and has no command,
 * while there are processes that are not seen. To remove files only while nobody has them, use `leftovers()`.
 *
 * @throws as {@link ledger}
 */
export async function leaks(options: LedgerOptions = {}): Promise<Leaks> {
  const { pools, consistent, partial, gaps, unreadable } = await ledger(options);
  const pages = pools.flatMap(({ pageSize, rows }) => rows.flatMap((row) => leakOf(row, pageSize) ?? []));
  return { leaks: [...pages, ...changes()], consistent, partial, gaps, unreadable };
}

function leakOf(row: LedgerRow, pageSize: number): Leak | undefined {
  if ((row.kind !== 'sysv' && row.kind !== 'file') || row.holders.length > 0) return undefined;
  const { used, reserved, segment } = row;
  if (segment === undefined) return fileLeak(row, { pageSize, used, reserved });
  if (segment.attachments > 0) return undefined;
  const { id, namespace, creatorPid } = segment;
  const inside = namespace === undefined ? '' : `nsenter --ipc=/proc/${String(namespace.pid)}/ns/ipc `;
  const command = `${sudo()}${inside}ipcrm -m ${String(id)}`;
  return { kind: 'segment', segment, creatorEnded: hasEnded(creatorPid), pageSize, used, reserved, command };
}

function fileLeak({ name: path, inode, holdersComplete }: ObjectRow, pages: LeakedPages): LeakedFile | undefined {
  const use = useOfFile(path, inode);
  if (use === 'used' || use === 'gone') return undefined;
  const certain = use === 'unused' || holdersComplete;
  const command = certain ? `${sudo()}rm ${quote(path)}` : undefined;
  return { kind: 'file', path, throughPid: processOnWay(path), certain, ...pages, command };
}

function hasEnded(pid: number): boolean {
  if (pid === 0) return false; // of another PID namespace
  const status = statusOf(pid);
  return status === undefined || (status !== UNREADABLE && status.state === 'Z');
}

function changes(): LeakedChanges[] {
  return restore({ dryRun: true })
    .filter(({ owner }) => owner === 'gone')
    .map((entry) => ({
      kind: 'changes',
      purpose: entry.purpose,
      pid: entry.pid,
      count: entry.changes.length,
      command: `${sudo()}hugepages restore`,
    }));
}
