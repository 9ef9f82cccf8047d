/** How a prefault is asked for, checked and completed. */
import { checkBoolean, checkFunction, checkInteger, checkOptions, checkSignal } from '../arguments.js';
import { invalidArgType } from '../errors.js';
import type { Facts } from './facts.js';
import { parseNodes } from './options.js';
import type { PrefaultProgress } from './types.js';

/** A prefault, ready to run. */
export interface PrefaultPlan {
  background: boolean;
  threads: number;
  /** Empty: wherever the scheduler likes. */
  cpus: Int32Array;
  signal: AbortSignal | undefined;
  onProgress: ((progress: PrefaultProgress) => void) | undefined;
}

/** What each caller can honour. */
export const ASYNC_PREFAULT = ['background', 'threads', 'nodes', 'signal', 'onProgress'] as const;
export const SYNC_PREFAULT = ['threads', 'nodes'] as const;
export const RANGE_PREFAULT = ['offset', 'length', 'threads', 'nodes', 'signal', 'onProgress'] as const;

const MAX_THREADS = 1024;

/**
 * Checks the `prefault` option of an allocation.
 *
 * @param regionNodes - the nodes of the region's own policy
 * @returns undefined when nothing is to be populated
 */
export function parsePrefault(
  value: unknown,
  regionNodes: readonly number[],
  keys: readonly string[],
  facts: Facts,
): PrefaultPlan | undefined {
  if (value === false) return undefined;
  const options = value === undefined || value === true ? {} : value;
  if (typeof options !== 'object') throw invalidArgType('options.prefault', 'of type boolean or an object', value);
  return parsePrefaultOptions(options, 'options.prefault', regionNodes, keys, facts);
}

/** Checks prefault options. */
export function parsePrefaultOptions(
  value: unknown,
  name: string,
  regionNodes: readonly number[],
  keys: readonly string[],
  facts: Facts,
): PrefaultPlan {
  const options = checkOptions(value, name, keys) as Record<string, unknown>;
  const { background, threads, nodes, signal, onProgress } = options;
  const cpus = cpusOf(parseNodes(nodes, `${name}.nodes`, facts), regionNodes, facts);
  const allowed = cpus.length > 0 ? cpus.length : facts.allowedCpus().length;
  return {
    background: checkBoolean(background, `${name}.background`, false),
    threads: threads === undefined ? Math.min(Math.max(allowed, 1), MAX_THREADS) : checkInteger(threads, `${name}.threads`, 1, MAX_THREADS),
    cpus: Int32Array.from(cpus),
    signal: checkSignal(signal, `${name}.signal`),
    onProgress: onProgress === undefined ? undefined : (checkFunction(onProgress, `${name}.onProgress`) as PrefaultPlan['onProgress']),
  };
}

/** The CPUs of the nodes that are named, else of the region's own, as far as this process may run on them. */
function cpusOf(nodes: readonly number[], regionNodes: readonly number[], facts: Facts): number[] {
  const wanted = nodes.length > 0 ? nodes : regionNodes;
  if (wanted.length === 0) return [];
  const allowed = new Set(facts.allowedCpus());
  return facts.nodeCpus(wanted).filter((cpu) => allowed.has(cpu));
}
