/** Which processes are wanted: each test as soon as its facts are read, so that the costly ones are not read in vain. */
import { checkBoolean } from '../../arguments.js';
import { invalidArgType, invalidArgValue, outOfRange } from '../../errors.js';
import { existingPool } from '../../host/pools/pool-state.js';
import type { RootOptions } from '../../host/text.js';
import { parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import type { ProcessIdentity } from './identity.js';
import { hugetlbBytes, thpBytes } from './use.js';
import type { HugePageUse } from './use.js';

/** All that are given have to hold. */
export interface SelectionOptions {
  /** Effective user: a number, or a name of `/etc/passwd`. */
  readonly user?: number | string;
  /** A part of the command line, or of the name. */
  readonly command?: string;
  /** This cgroup or any below it: `/system.slice`. */
  readonly cgroup?: string;
  /** The beginning of a container's id. */
  readonly container?: string;
  /** Only with pages of this hugetlb pool. */
  readonly pageSize?: Size;
  /** Only with so much in huge pages. Default: one byte. */
  readonly minSize?: Size;
  /** Also without any huge page: kernel threads, too. Default: false. */
  readonly all?: boolean;
}

export const SELECTION_OPTIONS = ['user', 'command', 'cgroup', 'container', 'pageSize', 'minSize', 'all'] as const;

/** The tests, in the order in which facts come. */
export interface Selection {
  hasUser(uid: number): boolean;
  hasUse(use: HugePageUse): boolean;
  hasIdentity(identity: ProcessIdentity): boolean;
}

export const EVERYTHING: Selection = { hasUser: () => true, hasUse: () => true, hasIdentity: () => true };

/**
 * @param users - names by number
 * @throws TypeError, RangeError for wrong options; HugePagesError `ERR_HUGEPAGES_PAGE_SIZE`
 */
export function parseSelection(
  options: Partial<Record<(typeof SELECTION_OPTIONS)[number], unknown>>,
  users: ReadonlyMap<number, string>,
  root: RootOptions,
): Selection {
  const user = options.user === undefined ? undefined : parseUser(options.user, users);
  const command = textOption(options.command, 'command');
  const cgroup = parseCgroup(options.cgroup);
  const container = textOption(options.container, 'container');
  const all = checkBoolean(options.all, 'options.all', false);
  const minSize = options.minSize === undefined ? Number(!all) : parseSize(options.minSize, 'options.minSize', 0);
  const wanted = options.pageSize === undefined ? undefined : parseSize(options.pageSize, 'options.pageSize');
  const pageSize = wanted === undefined ? undefined : existingPool(wanted, root).pageSize;
  return {
    hasUser: (uid) => user === undefined || uid === user,
    hasUse: (use) =>
      hugetlbBytes(use) + thpBytes(use) >= minSize && (pageSize === undefined || use.hugetlb.some((pool) => pool.pageSize === pageSize)),
    hasIdentity: (identity) =>
      (command === undefined || [identity.name, identity.commandLine.join(' ')].some((text) => text.includes(command))) &&
      (cgroup === undefined || `${identity.cgroup ?? ''}/`.startsWith(`${cgroup}/`)) &&
      (container === undefined || identity.container?.id.startsWith(container) === true),
  };
}

function parseUser(value: unknown, users: ReadonlyMap<number, string>): number {
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw outOfRange('options.user', 'an integer >= 0 and < 2 ** 32', value);
    return value;
  }
  if (typeof value !== 'string') throw invalidArgType('options.user', 'a number or a name', value);
  const found = [...users].find(([, name]) => name === value);
  if (found === undefined) throw invalidArgValue('options.user', 'must be a user of /etc/passwd, or a number', value);
  return found[0];
}

/** Without the slash at its end. */
function parseCgroup(value: unknown): string | undefined {
  const path = textOption(value, 'cgroup');
  if (path?.startsWith('/') === false) throw invalidArgValue('options.cgroup', 'must be a path that begins with /', path);
  return path?.replace(/\/+$/, '');
}

function textOption(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw invalidArgType(`options.${name}`, 'of type string', value);
}
