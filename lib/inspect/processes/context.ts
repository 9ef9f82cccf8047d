/** What stays the same from process to process. */
import { numaNodes } from '../../host/numa.js';
import type { RootOptions } from '../../host/text.js';
import type { Selection } from './selection.js';

export interface Context {
  readonly root: RootOptions;
  /** Names by number. */
  readonly users: ReadonlyMap<number, string>;
  /** NUMA nodes of the machine. */
  readonly nodes: readonly number[];
  readonly selection: Selection;
  readonly withMappings: boolean;
}

export function newContext(
  root: RootOptions,
  users: ReadonlyMap<number, string>,
  selection: Selection,
  withMappings: boolean,
): Context {
  return { root, users, nodes: numaNodes(root).map(({ node }) => node), selection, withMappings };
}
