/** What a machine shall be made ready for: the plan of `setup()`, as people write it and as it is used. */
import { checkArray, checkInteger, checkOptions } from '../../arguments.js';
import { HugePagesError, invalidArgType, invalidArgValue, outOfRange } from '../../errors.js';
import { formatSize, parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import { formatCpuList } from '../cpu-list.js';
import { numaNodes } from '../numa.js';
import { existingPool } from '../pools/pool-state.js';
import { pools } from '../pools/pools.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { parseThpChange } from '../set-thp.js';
import type { ThpChange } from '../set-thp.js';
import type { RootOptions } from '../text.js';
import { findGroup, findUser } from './accounts.js';
import { checkUnitPath } from './unit-name.js';

/** One pool of a {@link SetupPlan}. */
export interface PoolPlan {
  readonly pageSize: Size;
  /** Persistent pages of the whole machine; the kernel spreads them over its nodes. */
  readonly pages?: number;
  /** Persistent pages of each node that is named; the other nodes keep theirs. Not together with `pages`. */
  readonly nodes?: Readonly<Record<number, number>>;
  /** How many surplus pages there may be. Not for gigantic pages. */
  readonly overcommit?: number;
}

/** One hugetlbfs mount of a {@link SetupPlan}. */
export interface MountPlan {
  /** Absolute; a missing directory is made. */
  readonly path: string;
  /** Default: the machine's default huge page size. */
  readonly pageSize?: Size;
  /** The most that its files may hold: whole pages. */
  readonly size?: Size;
  /** What is taken from the pool and kept for its files from the start: whole pages, at most `size`. */
  readonly minSize?: Size;
  /** The most files it may have. */
  readonly nrInodes?: number;
  /** Owner of its root directory, by number or by the name in `/etc/passwd`. Default root. */
  readonly uid?: number | string;
  /** Group of its root directory, by number or by the name in `/etc/group`. Default root. */
  readonly gid?: number | string;
  /** Permissions of its root directory: `'0770'`, or a number. Default `0755`. */
  readonly mode?: number | string;
}

/** Everything that `setup()` is to see to. What an earlier plan set and this one does not name goes back to what it was before. */
export interface SetupPlan {
  readonly pools?: readonly PoolPlan[];
  readonly mounts?: readonly MountPlan[];
  /** The group that may make SHM_HUGETLB segments: `vm.hugetlb_shm_group`, by number or name. */
  readonly shmGroup?: number | string;
  /** The machine's settings of transparent huge pages. */
  readonly thp?: ThpChange;
}

/** A {@link PoolPlan}, checked. */
export interface ParsedPool {
  /** Bytes. */
  readonly pageSize: number;
  readonly isDefault: boolean;
  /** Of the machine, or by node in ascending order. */
  readonly pages: number | ReadonlyMap<number, number> | undefined;
  readonly overcommit: number | undefined;
}

/** A {@link MountPlan}, checked: `ensureMount()` takes it. Sizes are bytes, owners and modes numbers. */
export interface ParsedMount {
  readonly path: string;
  readonly pageSize: number;
  readonly size?: number;
  readonly minSize?: number;
  readonly nrInodes?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
}

/** A {@link SetupPlan}, checked against the machine: page sizes and nodes exist, names are numbers. */
export interface ParsedPlan {
  readonly pools: readonly ParsedPool[];
  readonly mounts: readonly ParsedMount[];
  readonly shmGroup: number | undefined;
  readonly thp: ThpChange;
}

const MAX_COUNT = Number.MAX_SAFE_INTEGER;
/** The last number is the kernel's "no such id". */
const MAX_ID = 2 ** 32 - 2;
/** What hugetlbfs keeps of a mode. */
const MAX_MODE = 0o1777;

/**
 * Checks a plan, which may come from a JSON file. Changes nothing.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for what no machine takes, for nodes
 *   that this one lacks and for names that it does not know
 * @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` for a page size without a pool
 */
export function parsePlan(plan: unknown, options: RootOptions = {}): ParsedPlan {
  const given = checkOptions(plan, 'plan', ['pools', 'mounts', 'shmGroup', 'thp']);
  const planned = list(given.pools, 'plan.pools', (value, name) => parsePool(value, name, options));
  const mounts = list(given.mounts, 'plan.mounts', (value, name) => parseMount(value, name, options));
  checkOnce(
    planned.map(({ pageSize }) => formatSize(pageSize)),
    'plan.pools',
  );
  checkOnce(
    mounts.map(({ path }) => path),
    'plan.mounts',
  );
  return {
    pools: planned,
    mounts,
    shmGroup: parseId(given.shmGroup, 'plan.shmGroup', (name) => findGroup(name, options)),
    thp: given.thp === undefined ? {} : parseThpChange(given.thp, 'plan.thp'),
  };
}

function list<T>(value: unknown, name: string, parse: (value: unknown, name: string) => T): T[] {
  if (value === undefined) return [];
  return checkArray(value, name).map((element, index) => parse(element, `${name}[${String(index)}]`));
}

/** @throws TypeError `ERR_INVALID_ARG_VALUE` for a key that is there twice */
export function checkOnce(keys: readonly string[], name: string): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw invalidArgValue(name, 'must not name one twice', twice);
}

function parsePool(value: unknown, name: string, options: RootOptions): ParsedPool {
  const given = checkOptions(value, name, ['pageSize', 'pages', 'nodes', 'overcommit']);
  const { pageSize, isDefault } = existingPool(parseSize(given.pageSize, `${name}.pageSize`), options);
  if (given.pages !== undefined && given.nodes !== undefined) {
    throw invalidArgValue(`${name}.nodes`, 'cannot be given together with pages', given.nodes);
  }
  if ((given.pages ?? given.nodes ?? given.overcommit) === undefined) {
    throw invalidArgValue(name, 'must have pages, nodes or overcommit', value);
  }
  const nodes = given.nodes === undefined ? undefined : parseNodes(given.nodes, `${name}.nodes`, options);
  const pages = nodes ?? count(given.pages, `${name}.pages`);
  return { pageSize, isDefault, pages, overcommit: count(given.overcommit, `${name}.overcommit`) };
}

function parseNodes(value: unknown, name: string, options: RootOptions): Map<number, number> {
  const known = numaNodes(options).map(({ node }) => node);
  const stranger = typeof value === 'object' && Object.keys(value ?? {}).find((key) => !known.map(String).includes(key));
  if (typeof stranger === 'string') throw outOfRange(name, `a NUMA node of this machine: ${formatCpuList(known)}`, stranger);
  const given = checkOptions(value, name, known.map(String));
  const nodes = known.flatMap((node) => {
    const pages = count(given[String(node)], `${name}.${String(node)}`);
    return pages === undefined ? [] : [[node, pages] as const];
  });
  if (nodes.length === 0) throw outOfRange(name, `pages for some of the NUMA nodes of this machine: ${formatCpuList(known)}`, value);
  return new Map(nodes);
}

function parseMount(value: unknown, name: string, options: RootOptions): ParsedMount {
  const given = checkOptions(value, name, ['path', 'pageSize', 'size', 'minSize', 'nrInodes', 'uid', 'gid', 'mode']);
  const path = checkUnitPath(given.path, `${name}.path`);
  const wanted = given.pageSize === undefined ? undefined : parseSize(given.pageSize, `${name}.pageSize`);
  const { pageSize } = wanted === undefined ? defaultPool(options) : existingPool(wanted, options);
  const fields = {
    size: wholePages(given.size, `${name}.size`, pageSize, pageSize),
    minSize: wholePages(given.minSize, `${name}.minSize`, pageSize, 0),
    nrInodes: given.nrInodes === undefined ? undefined : checkInteger(given.nrInodes, `${name}.nrInodes`, 1, MAX_COUNT),
    uid: parseId(given.uid, `${name}.uid`, (user) => findUser(user, options)),
    gid: parseId(given.gid, `${name}.gid`, (group) => findGroup(group, options)),
    mode: parseMode(given.mode, `${name}.mode`),
  };
  if ((fields.minSize ?? 0) > (fields.size ?? Infinity)) throw outOfRange(`${name}.minSize`, 'at most its size', given.minSize);
  return { path, pageSize, ...Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)) };
}

function defaultPool(options: RootOptions): PoolSnapshot {
  const found = pools(options).find(({ isDefault }) => isDefault);
  if (found !== undefined) return found;
  throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'This machine has no pool of huge pages by default', {
    remedy: 'Name a page size, or run a kernel built with CONFIG_HUGETLBFS',
  });
}

function count(value: unknown, name: string): number | undefined {
  return value === undefined ? undefined : checkInteger(value, name, 0, MAX_COUNT);
}

/** The kernel would round down, even to none. */
function wholePages(value: unknown, name: string, pageSize: number, min: number): number | undefined {
  if (value === undefined) return undefined;
  const bytes = parseSize(value, name, min);
  if (bytes % pageSize !== 0) throw outOfRange(name, `a multiple of ${formatSize(pageSize)}, the page size`, value);
  return bytes;
}

function parseId(value: unknown, name: string, find: (account: string) => number | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return checkInteger(value, name, 0, MAX_ID);
  const id = /^\d+$/.test(value) ? Number(value) : find(value);
  if (id === undefined) throw invalidArgValue(name, 'must be a number, or a name in /etc/passwd or /etc/group', value);
  return checkInteger(id, name, 0, MAX_ID);
}

function parseMode(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return checkInteger(value, name, 0, MAX_MODE);
  if (typeof value !== 'string') throw invalidArgType(name, "a number, or octal digits such as '0770'", value);
  if (!/^0?[01]?[0-7]{3}$/.test(value)) throw invalidArgValue(name, "must be octal digits such as '0770', at most '1777'", value);
  return parseInt(value, 8);
}
