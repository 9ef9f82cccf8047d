/** What stays the same from process to process. */
import { numaNodes } from '../../host/numa.js';
import { poolPageSizes } from '../../host/pools/pools.js';
import type { RootOptions } from '../../host/text.js';
import type { Place } from './identity.js';
import { newOnlyPool } from './only-pool.js';
import type { OnlyPool } from './only-pool.js';
import type { Selection } from './selection.js';

export interface Context {
  readonly root: RootOptions;
  /** Names by number. */
  readonly users: ReadonlyMap<number, string>;
  /** NUMA nodes of the machine. */
  readonly nodes: readonly number[];
  readonly onlyPool: OnlyPool;
  readonly selection: Selection;
  readonly withMappings: boolean;
  /** By the text of `/proc/PID/cgroup`. */
  readonly placed: Map<string, Place>;
}

export function newContext(
  root: RootOptions,
  users: ReadonlyMap<number, string>,
  selection: Selection,
  withMappings: boolean,
): Context {
  const nodes = numaNodes(root).map(({ node }) => node);
  const onlyPool = newOnlyPool(poolPageSizes(root), root);
  return { root, users, nodes, onlyPool, selection, withMappings, placed: new Map() };
}
