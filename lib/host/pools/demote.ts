/** Splitting free huge pages into smaller ones. */
import { checkBoolean, checkInteger, checkOptions } from '../../arguments.js';
import { HugePagesError } from '../../errors.js';
import { formatSize, KiB, parseSize } from '../../units.js';
import { Journal, undoAll } from '../journal/journal.js';
import { checkWritable } from '../setting.js';
import type { RootOptions } from '../text.js';
import { PoolLock } from './pool-lock.js';
import { existingPool, persistentPages } from './pool-state.js';
import { nodePoolDirectory, poolDirectory } from './pools.js';
import type { PoolSnapshot } from './pools.js';
import { checkNodes } from './refusals.js';
import { checkNode } from './request.js';
import { alone, run, writing } from './steps.js';
import type { Steps } from './steps.js';
import type { Demotion, DemotionResult, PoolWrite } from './types.js';

/**
 * Splits free pages of one pool into pages of a smaller one, without giving the memory back in between: `demote_size` and `demote`,
 * Linux 5.16. Pages in use or reserved are not split: never more is asked for than there is besides them, as some kernels (6.18) look
 * at what is reserved before the first page only.
 *
 * @returns how many were split: fewer than requested where fewer were free
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` when the machine lacks one of the pools, `ERR_HUGEPAGES_UNSUPPORTED` when the kernel
 *   does not split these pages, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`
 */
export async function demote(demotion: Demotion, options: RootOptions = {}): Promise<DemotionResult> {
  const parsed = parse(demotion);
  existingPool(parsed.pageSize, options); // or there is nothing to lock
  return run(alone(new PoolLock(parsed.pageSize, options), demoting(parsed, options)));
}

function* demoting(demotion: ParsedDemotion, options: RootOptions): Steps<DemotionResult> {
  const { pageSize, pages, node, targetSize: asked, dryRun } = demotion;
  const before = existingPool(pageSize, options);
  const targetSize = asked ?? before.demoteSize;
  if (before.demoteSize === undefined || targetSize === undefined) throw notSplit(pageSize);
  const smaller = existingPool(targetSize, options);
  if (node !== undefined) checkNodes([node], before);

  const directory = node === undefined ? poolDirectory(pageSize) : nodePoolDirectory(pageSize, node);
  const size: PoolWrite = { path: `${poolDirectory(pageSize)}/demote_size`, value: kilobytes(targetSize) };
  const splittable = Math.min(pages, unreservedPages(before, node));
  const split: PoolWrite = { path: `${directory}/demote`, value: String(splittable) };
  const writes = splittable === 0 ? [] : targetSize === before.demoteSize ? [split] : [size, split];
  const report = (): DemotionResult => ({
    ...{ pageSize, targetSize, requested: pages },
    demoted: persistentPages(before, node) - persistentPages(existingPool(pageSize, options), node),
    gained: persistentPages(existingPool(targetSize, options), node) - persistentPages(smaller, node),
    ...{ dryRun, writes },
  });
  if (dryRun) return report();

  for (const { path, value } of writes) checkWritable(path, value, options);
  const journal = Journal.open('demote', options);
  // The setting is the machine's, and this demotion's for a moment.
  if (writes.includes(size)) journal.record({ kind: 'setting', path: size.path, before: kilobytes(before.demoteSize), after: size.value });
  try {
    for (const write of writes) yield* writing(write, options);
    return report();
  } finally {
    undoAll(journal);
  }
}

/** Free pages that nobody was promised; reservations are of the whole pool. */
function unreservedPages({ free, reserved, perNode }: PoolSnapshot, node: number | undefined): number {
  const part = node === undefined ? free : (perNode.find((other) => other.node === node)?.free ?? 0);
  return Math.min(part, free - reserved);
}

interface ParsedDemotion {
  readonly pageSize: number;
  readonly pages: number;
  readonly node?: number;
  readonly targetSize?: number;
  readonly dryRun: boolean;
}

function parse(value: unknown): ParsedDemotion {
  const given = checkOptions(value, 'demotion', ['pageSize', 'pages', 'node', 'targetSize', 'dryRun']);
  const pageSize = parseSize(given.pageSize, 'demotion.pageSize');
  return {
    pageSize,
    pages: checkInteger(given.pages, 'demotion.pages', 1, Number.MAX_SAFE_INTEGER),
    ...(given.node !== undefined && { node: checkNode(given.node, 'demotion.node') }),
    ...(given.targetSize !== undefined && { targetSize: parseSize(given.targetSize, 'demotion.targetSize', 1, pageSize - 1) }),
    dryRun: checkBoolean(given.dryRun, 'demotion.dryRun', false),
  };
}

/** As `demote_size` has it, and takes it. */
function kilobytes(bytes: number): string {
  return `${String(bytes / KiB)}kB`;
}

function notSplit(pageSize: number): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `This kernel does not split pages of ${formatSize(pageSize)}`, {
    details: { pageSize },
    remedy: 'Pages can be split from Linux 5.16 on, and the smallest ones never: give them back and grow the other pool instead',
  });
}
