/** All processes that have huge pages. */
import { checkBoolean, checkInteger, checkOneOf, checkOptions, checkSignal } from '../../arguments.js';
import { abortError, HugePagesError, invalidArgType } from '../../errors.js';
import { checkPid } from '../../host/process-status.js';
import { userNames } from '../../host/setup/accounts.js';
import type { RootOptions } from '../../host/text.js';
import { pids as allPids } from '../procfs/pids.js';
import { entryOf } from './account.js';
import type { ProcessEntry } from './account.js';
import { newContext } from './context.js';
import type { Context } from './context.js';
import { inOrder } from './in-order.js';
import { ORDERS, sorted } from './order.js';
import type { ProcessOrder } from './order.js';
import { SELECTION_OPTIONS, parseSelection } from './selection.js';
import type { SelectionOptions } from './selection.js';

/** Options of {@link processes}. */
export interface ProcessesOptions extends SelectionOptions, RootOptions {
  /** Only these. Default: all that `/proc` shows. */
  readonly pids?: readonly number[];
  /** Default `pid`. Any other waits for the last process before the first comes. */
  readonly sort?: ProcessOrder;
  /** Whether to tell the mappings that have huge pages: costs more where there are transparent ones. Default: false. */
  readonly mappings?: boolean;
  /** Processes that are read at the same time, 1 to 64. Default: 16. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

const OPTIONS = [...SELECTION_OPTIONS, 'root', 'pids', 'sort', 'mappings', 'concurrency', 'signal'] as const;

/** More than Node.js has threads for files: those that have been read wait together for what is asked once for all of them. */
const CONCURRENCY = 16;

/**
 * The processes and their huge pages, one after the other as they are read, so that a machine with tens of thousands takes little memory.
 * Those that may not be read and those that ended meanwhile come as well, marked by their `state`; of the conditions they meet those of
 * which the facts are known. Each is of its own moment.
 *
 * `smaps`, which is costly, is read only where `smaps_rollup` tells of hugetlb pages, and there are several pools or nodes that they may be
 * of, and where mappings are asked for.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` at once, for wrong options;
 *   HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no such pool
 * @returns an iterator that throws AbortError, and HugePagesError `ERR_HUGEPAGES_SYSTEM`, `ERR_HUGEPAGES_PERMISSION` when `/proc` cannot be
 *   read
 */
export function processes(options: ProcessesOptions = {}): AsyncGenerator<ProcessEntry, void, undefined> {
  const { root, pids, sort, mappings, concurrency, signal, ...selection } = checkOptions(options, 'options', OPTIONS);
  const where = root === undefined ? {} : { root: root as string };
  const withMappings = checkBoolean(mappings, 'options.mappings', false);
  const users = userNames(where);
  const context = newContext(where, users, parseSelection(selection, users, where), withMappings);
  const order = sort === undefined ? 'pid' : checkOneOf(sort, 'options.sort', ORDERS);
  const width = concurrency === undefined ? CONCURRENCY : checkInteger(concurrency, 'options.concurrency', 1, 64);
  const found = read(pids === undefined ? undefined : parsePids(pids), context, width, checkSignal(signal, 'options.signal'));
  return order === 'pid' ? found : collected(found, order);
}

async function* read(
  named: readonly number[] | undefined,
  context: Context,
  width: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ProcessEntry, void, undefined> {
  const entries = inOrder(named ?? allPids(context.root), width, (pid) => {
    if (signal?.aborted === true) throw abortError(signal);
    return entryOf(pid, context).catch((error: unknown): ProcessEntry => {
      if (error instanceof HugePagesError && error.code === 'ERR_HUGEPAGES_BUSY') return { state: 'vanished', pid };
      throw error;
    });
  });
  for await (const entry of entries) if (entry !== undefined) yield entry;
}

async function* collected(found: AsyncIterable<ProcessEntry>, order: ProcessOrder): AsyncGenerator<ProcessEntry, void, undefined> {
  const entries: ProcessEntry[] = [];
  for await (const entry of found) entries.push(entry);
  yield* sorted(entries, order);
}

/** Ascending, each once. */
function parsePids(value: unknown): number[] {
  if (!Array.isArray(value)) throw invalidArgType('options.pids', 'an array of process numbers', value);
  const pids = Array.from(value as unknown[], (pid, index) => checkPid(pid, `options.pids[${String(index)}]`));
  return [...new Set(pids)].sort((a, b) => a - b);
}
