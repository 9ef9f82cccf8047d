/** Pages that nobody will give back: what was left behind, and the command that frees it. */
import { restore } from '../../host/journal/restore.js';
import { quote } from '../../host/mounts/request.js';
import { sudo } from '../../host/remedy.js';
import { UNREADABLE } from '../procfs/reading.js';
import { statusOf } from '../procfs/status.js';
import { ledger } from './ledger.js';
import type { Ledger, LedgerOptions, LedgerRow, LedgerSegment } from './types.js';

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
  /** Frees it, when pasted into a shell. */
  readonly command: string;
}

/** A file on hugetlbfs that no process maps or has open, of those that can be looked into. */
export interface LeakedFile extends LeakedPages {
  readonly kind: 'file';
  readonly path: string;
  /** Whether nobody uses it. False where others may, as {@link ObjectRow.holdersComplete}: it may be no leak at all. */
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
 * killed programs of this package have left changed. Changes nothing. A file that a process may use, which is not seen, is not `certain`
 * and has no command. To remove files only while the kernel says that nobody has them open, use `leftovers()`.
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
  const { used, reserved, segment, name, holdersComplete: certain } = row;
  if (segment === undefined) {
    const command = certain ? `${sudo()}rm ${quote(name)}` : undefined;
    return { kind: 'file', path: name, certain, pageSize, used, reserved, command };
  }
  if (segment.attachments > 0) return undefined;
  const command = `${sudo()}ipcrm -m ${String(segment.id)}`;
  return { kind: 'segment', segment, creatorEnded: hasEnded(segment.creatorPid), pageSize, used, reserved, command };
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
