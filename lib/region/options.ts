/** From {@link AllocateOptions} to a plan: every argument checked, every default filled in, before any system call. */
import { checkArray, checkBoolean, checkInteger, checkOneOf, checkOptions } from '../arguments.js';
import { invalidArgType, invalidArgValue, outOfRange } from '../errors.js';
import { NO_HUGETLB, NO_THP, noSuchPageSize } from '../host/explain/backing.js';
import type { Request, RequestedBacking } from '../host/explain/types.js';
import { native } from '../native.js';
import { MapFlag } from '../native/regions.js';
import { parseSize } from '../units.js';
import type { Facts } from './facts.js';
import { parsePrefault } from './prefault-options.js';
import type { PrefaultPlan } from './prefault-options.js';
import { sealNames } from './seals.js';
import { SOURCE_OPTIONS, parseSource } from './source-options.js';
import type { SourcePlan } from './source-options.js';
import type { BackingKind, Source } from './types.js';

/** Everything that {@link allocate} needs to know. */
export interface Plan {
  candidates: RequestedBacking[];
  source: SourcePlan;
  /** Bits of `MapFlag`. */
  flags: number;
  alignment: number;
  hint: bigint;
  /** A MPOL_* value, or -1. */
  nodeMode: number;
  nodes: readonly number[];
  /** Undefined: no page is populated. */
  prefault: PrefaultPlan | undefined;
}

const OPTIONS = [
  'size',
  'pageSize',
  'backing',
  ...SOURCE_OPTIONS,
  'shared',
  'prefault',
  'reserve',
  'numa',
  'onFork',
  'onExhaustion',
  'alignment',
  'guard',
  'addressHint',
] as const;
const BACKINGS = ['hugetlb', 'thp', 'base'] as const;
const MAX_ALIGNMENT = 2 ** 40;

/** MPOL_* of include/uapi/linux/mempolicy.h. */
const NUMA_MODES = { preferred: 1, bind: 2, interleave: 3, local: 4 } as const;

/**
 * Checks and completes options.
 *
 * @param prefaultKeys - the prefault options that the caller can honour
 * @param facts - of the machine that the options are for
 */
export function parseOptions(value: unknown, prefaultKeys: readonly string[], facts: Facts): Plan {
  const options = checkOptions(value, 'options', OPTIONS);
  const size = parseSize(options.size, 'options.size');
  const pageSize = parsePageSize(options.pageSize);
  const source = parseSource(options);
  const shared = checkBoolean(options.shared, 'options.shared', source.kind !== 'anonymous');
  if (source.kind === 'sysv' && !shared) throw invalidArgValue('options.shared', "must be true for source 'sysv'", options.shared);
  if (shared && sealNames(source.seals).includes('write')) {
    throw invalidArgValue('options.seals', "must not have 'write' for a shared region, which is mapped writable", options.seals);
  }
  const byDefault = shared ? 'inherit' : 'exclude';
  const onFork = options.onFork === undefined ? byDefault : checkOneOf(options.onFork, 'options.onFork', ['exclude', 'inherit']);
  const { mode, nodes } = parseNuma(options.numa, facts);
  const candidates: RequestedBacking[] = [];
  for (const backing of parseBackings(options.backing, source.kind)) candidates.push(...candidatesFor(backing, size, pageSize, facts));
  return {
    source,
    candidates,
    flags:
      (shared ? MapFlag.shared : 0) |
      (checkBoolean(options.reserve, 'options.reserve', true) ? 0 : MapFlag.noReserve) |
      (checkBoolean(options.guard, 'options.guard', false) ? MapFlag.guard : 0) |
      (onFork === 'inherit' ? MapFlag.inheritOnFork : 0) |
      (parseExhaustion(options.onExhaustion) ? MapFlag.degrade : 0) |
      (source.persistent ? MapFlag.persistent : 0) |
      (source.adopt ? MapFlag.adopt : 0),
    alignment: parseAlignment(options.alignment),
    hint: parseHint(options.addressHint),
    nodeMode: mode,
    nodes,
    prefault: parsePrefault(options.prefault, nodes, prefaultKeys, facts),
  };
}

/** What of a plan decides whether it can be had. */
export function requestOf({ source, flags, alignment, nodeMode, nodes, prefault }: Plan): Request {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    source,
    reserve: !has(MapFlag.noReserve),
    shared: has(MapFlag.shared),
    guard: has(MapFlag.guard),
    alignment,
    nodes,
    bound: nodeMode === NUMA_MODES.bind,
    prefault: prefault === undefined ? 'no' : prefault.background ? 'background' : 'now',
  };
}

function parseBackings(value: unknown, source: Source): BackingKind[] {
  if (value === undefined) return source === 'file' ? ['hugetlb'] : [...BACKINGS];
  const kinds = checkArray(value, 'options.backing').map((kind, i) => checkOneOf(kind, `options.backing[${String(i)}]`, BACKINGS));
  if (kinds.length === 0) throw invalidArgValue('options.backing', 'must name at least one backing', value);
  if (source === 'file' && kinds.some((kind) => kind !== 'hugetlb')) {
    throw invalidArgValue('options.backing', "must be ['hugetlb'] for source 'file'", value);
  }
  return [...new Set(kinds)];
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

type PageSize = number | 'default' | 'largest';

function parsePageSize(value: unknown): PageSize {
  if (value === undefined) return 'default';
  return value === 'default' || value === 'largest' ? value : parseSize(value, 'options.pageSize');
}

function candidatesFor(backing: BackingKind, size: number, wanted: PageSize, facts: Facts): RequestedBacking[] {
  const candidate = (pageSize: number): RequestedBacking => ({ backing, pageSize, byteLength: roundUp(size, pageSize) });
  const base = candidate(native.basePageSize());
  if (backing === 'base') return [base];
  if (backing === 'thp') {
    const pageSize = facts.thpPageSize();
    return [pageSize === undefined ? { ...base, unavailable: NO_THP } : candidate(pageSize)];
  }
  const { sizes, byDefault } = facts.hugetlb();
  const chosen = hugetlbSizes(wanted, size, sizes, byDefault);
  if (sizes.length === 0 || chosen.length === 0) return [{ ...candidate(chosen[0] ?? base.pageSize), unavailable: NO_HUGETLB }];
  return chosen.map((pageSize) =>
    sizes.includes(pageSize) ? candidate(pageSize) : { ...candidate(pageSize), unavailable: noSuchPageSize(pageSize, sizes) },
  );
}

/** The pools to try, in order. */
function hugetlbSizes(wanted: PageSize, size: number, sizes: readonly number[], byDefault: number | undefined): readonly number[] {
  if (wanted === 'default') return byDefault === undefined ? [] : [byDefault];
  if (wanted !== 'largest') return [wanted];
  const fitting = sizes.filter((bytes) => bytes <= size).reverse();
  return fitting.length > 0 ? fitting : sizes.slice(0, 1);
}

/** Whether the memory survives without its pages. */
export function parseExhaustion(value: unknown): boolean {
  return value !== undefined && checkOneOf(value, 'options.onExhaustion', ['signal', 'degrade']) === 'degrade';
}

/** 0: whatever the page size asks for. */
export function parseAlignment(value: unknown): number {
  if (value === undefined) return 0;
  const bytes = parseSize(value, 'options.alignment', 1, MAX_ALIGNMENT);
  if (!Number.isInteger(Math.log2(bytes))) throw outOfRange('options.alignment', 'a power of two', value);
  return bytes;
}

/** 0n: anywhere. */
export function parseHint(value: unknown): bigint {
  if (value === undefined) return 0n;
  if (typeof value !== 'bigint') throw invalidArgType('options.addressHint', 'of type bigint', value);
  if (value < 0n || value >= 1n << 47n) throw outOfRange('options.addressHint', '>= 0 and < 2^47', value);
  return value;
}

function parseNuma(value: unknown, facts: Facts): { mode: number; nodes: number[] } {
  if (value === undefined) return { mode: -1, nodes: [] };
  const numa = checkOptions(value, 'options.numa', ['mode', 'nodes']);
  const mode = checkOneOf(numa.mode, 'options.numa.mode', ['bind', 'preferred', 'interleave', 'local'] as const);
  const nodes = parseNodes(numa.nodes, 'options.numa.nodes', facts);
  if ((mode === 'local') !== (nodes.length === 0)) {
    throw invalidArgValue('options.numa.nodes', "must name nodes, except for mode 'local', which takes none", numa.nodes);
  }
  return { mode: NUMA_MODES[mode], nodes };
}

/** Node numbers that the machine has. */
export function parseNodes(value: unknown, name: string, facts: Facts): number[] {
  if (value === undefined) return [];
  const nodes = checkArray(value, name).map((node, i) => checkInteger(node, `${name}[${String(i)}]`, 0, 1023));
  const there = facts.nodes();
  const absent = nodes.find((node) => !there.includes(node));
  if (absent !== undefined) throw outOfRange(name, `among the nodes of this machine: ${there.join(', ')}`, absent);
  return nodes;
}
