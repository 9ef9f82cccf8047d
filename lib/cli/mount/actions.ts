/** What `hugepages mount` can do. */
import { findMount } from '../../host/mounts/find-mount.js';
import { mountHolders } from '../../host/mounts/holders.js';
import { leftovers } from '../../host/mounts/leftovers.js';
import { ensureMount, mount } from '../../host/mounts/mount.js';
import type { MountResult } from '../../host/mounts/mount.js';
import { mounts } from '../../host/mounts/mounts.js';
import type { MountOptions } from '../../host/mounts/options.js';
import { unmount } from '../../host/mounts/unmount.js';
import { mountUsage } from '../../host/mounts/usage.js';
import { print } from '../output.js';
import { printable } from '../printable.js';
import { renderMounts } from '../render-mounts.js';
import { countValue, rootValue, sizeValue } from '../values.js';
import { renderHolders, renderLeftovers, renderMounted, renderUnmounted, renderUsage } from './render.js';

/** Values of options as `parseArgs` gives them. */
type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One action; `--json` goes with each. */
export interface Action {
  readonly takesPath: boolean;
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
  run(path: string, values: Values): void | Promise<void>;
}

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

const MOUNT_OPTIONS = {
  ...{ 'page-size': TEXT, size: TEXT, 'min-size': TEXT, 'nr-inodes': TEXT },
  ...{ uid: TEXT, gid: TEXT, mode: TEXT, 'dry-run': FLAG },
};

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['list', { takesPath: false, options: { pid: TEXT, root: TEXT }, run: (_, values) => list(values) }],
  ['add', { takesPath: true, options: MOUNT_OPTIONS, run: (path, values) => add(mount, path, values) }],
  ['ensure', { takesPath: true, options: MOUNT_OPTIONS, run: (path, values) => add(ensureMount, path, values) }],
  ['remove', { takesPath: true, options: { 'dry-run': FLAG }, run: remove }],
  ['find', { takesPath: false, options: { 'page-size': TEXT, size: TEXT, read: FLAG }, run: (_, values) => find(values) }],
  ['usage', { takesPath: true, options: {}, run: usage }],
  ['holders', { takesPath: true, options: {}, run: holders }],
  ['leftovers', { takesPath: true, options: { 'min-age': TEXT, remove: FLAG }, run: tidy }],
]);

/** The text of an option, read where there is one, as a part of an object. */
function part<K extends string, T>(values: Values, option: string, key: K, read: (text: string, name: string) => T): Partial<Record<K, T>> {
  const text = values[option];
  return typeof text === 'string' ? ({ [key]: read(text, `--${option}`) } as Record<K, T>) : {};
}

function list(values: Values): void {
  const pid = part(values, 'pid', 'pid', (text, name) => countValue(text, name, 1, Number.MAX_SAFE_INTEGER));
  const root = part(values, 'root', 'root', (text) => text);
  const found = mounts({ ...pid, ...rootValue(root.root) });
  print({ mounts: found }, values['json'] === true, (report) => renderMounts(report.mounts));
}

function add(perform: (options: MountOptions) => MountResult, path: string, values: Values): void {
  const amount = (text: string, name: string): string | number => (text.endsWith('%') ? text : sizeValue(text, name));
  const count = (text: string, name: string): number => countValue(text, name, 0, Number.MAX_SAFE_INTEGER);
  const options: MountOptions = {
    path,
    ...part(values, 'page-size', 'pageSize', sizeValue),
    ...part(values, 'size', 'size', amount),
    ...part(values, 'min-size', 'minSize', amount),
    ...part(values, 'nr-inodes', 'nrInodes', count),
    ...part(values, 'uid', 'uid', count),
    ...part(values, 'gid', 'gid', count),
    ...part(values, 'mode', 'mode', (text) => text),
    dryRun: values['dry-run'] === true,
  };
  print(perform(options), values['json'] === true, renderMounted);
}

async function remove(path: string, values: Values): Promise<void> {
  print(await unmount(path, { dryRun: values['dry-run'] === true }), values['json'] === true, renderUnmounted);
}

function find(values: Values): void {
  const pageSize = part(values, 'page-size', 'pageSize', sizeValue).pageSize;
  const found = findMount(pageSize, { writable: values['read'] !== true, ...part(values, 'size', 'size', sizeValue) });
  print(found, values['json'] === true, ({ mountPoint }) => [printable(mountPoint)]);
}

function usage(path: string, values: Values): void {
  print(mountUsage(path), values['json'] === true, renderUsage);
}

async function holders(path: string, values: Values): Promise<void> {
  print(await mountHolders(path), values['json'] === true, renderHolders);
}

async function tidy(path: string, values: Values): Promise<void> {
  const seconds = part(values, 'min-age', 'minAge', (text, name) => countValue(text, name, 0, 2 ** 40)).minAge ?? 0;
  print(await leftovers(path, { minAge: seconds * 1000, remove: values['remove'] === true }), values['json'] === true, renderLeftovers);
}
