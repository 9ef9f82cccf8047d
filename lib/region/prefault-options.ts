/** How a prefault is asked for, checked and completed. */
import { checkBoolean, checkOptions } from '../arguments.js';
import { invalidArgType } from '../errors.js';
import type { Facts } from './facts.js';
import { parseJobOptions } from './job-options.js';
import type { JobPlan } from './job-options.js';
import { parseNodes } from './options.js';
import type { PrefaultProgress } from './types.js';

/** A prefault, ready to run. */
export interface PrefaultPlan extends JobPlan<PrefaultProgress> {
  background: boolean;
  /** Empty: wherever the scheduler likes. */
  cpus: Int32Array;
}

/** What each caller can honour. */
export const ASYNC_PREFAULT = ['background', 'threads', 'nodes', 'signal', 'onProgress'] as const;
export const SYNC_PREFAULT = ['threads', 'nodes'] as const;
export const RANGE_PREFAULT = ['offset', 'length', 'threads', 'nodes', 'signal', 'onProgress'] as const;

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
  const { background, nodes } = options;
  const cpus = cpusOf(parseNodes(nodes, `${name}.nodes`, facts), regionNodes, facts);
  return {
    background: checkBoolean(background, `${name}.background`, false),
    cpus: Int32Array.from(cpus),
    ...parseJobOptions<PrefaultProgress>(options, name, cpus.length > 0 ? cpus.length : facts.allowedCpus().length),
  };
}

/** The CPUs of the nodes that are named, else of the region's own, as far as this process may run on them. */
function cpusOf(nodes: readonly number[], regionNodes: readonly number[], facts: Facts): number[] {
  const wanted = nodes.length > 0 ? nodes : regionNodes;
  if (wanted.length === 0) return [];
  const allowed = new Set(facts.allowedCpus());
  return facts.nodeCpus(wanted).filter((cpu) => allowed.has(cpu));
}
