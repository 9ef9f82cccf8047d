/** The actions of `hugepages pool` that change something. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { demote } from '../../host/pools/demote.js';
import { growPool, setPool } from '../../host/pools/set-pool.js';
import type { PoolChangeResult, PoolPolicy, ShortageOptions } from '../../host/pools/types.js';
import { UsageError } from '../command.js';
import { Interrupt, interruptible } from '../interrupt.js';
import { print } from '../output.js';
import { countValue, sizeValue } from '../values.js';
import { renderChange, renderDemotion } from './render.js';

const MAX_PAGES = Number.MAX_SAFE_INTEGER;
const MAX_NODE = 1023;

const flag = { type: 'boolean' } as const;
const value = { type: 'string' } as const;
const COMMON = { 'dry-run': flag, json: flag, node: value } as const;
const SHORTAGE = { compact: flag, 'drop-caches': flag, rollback: flag, retries: value, policy: value } as const;

/** Each takes what follows its name, and returns the exit code. */
export const changes: ReadonlyMap<string, (args: string[]) => Promise<number>> = new Map([
  ['set', set],
  ['grow', grow],
  ['demote', split],
]);

async function set(args: string[]): Promise<number> {
  const options = { ...COMMON, ...SHORTAGE, nodes: value, overcommit: value, 'allow-surplus': flag } as const;
  const { values, positionals } = parse(args, options);
  const [size, pages, ...more] = positionals;
  if (size === undefined || more.length > 0) throw new UsageError('set takes a page size and a number of pages');
  if (pages === undefined && values.nodes === undefined && values.overcommit === undefined) {
    throw new UsageError('set takes a number of pages, --nodes or --overcommit');
  }
  if (pages !== undefined && values.nodes !== undefined) throw new UsageError('--nodes says how many pages: leave PAGES out');
  if (pages === undefined && (values.node ?? values.policy) !== undefined) throw new UsageError('--node and --policy go with PAGES');
  const change = {
    pageSize: sizeValue(size, 'SIZE'),
    ...(pages !== undefined && { pages: countValue(pages, 'PAGES', 0, MAX_PAGES) }),
    ...(values.nodes !== undefined && { nodes: nodePages(values.nodes) }),
    ...(values.overcommit !== undefined && { overcommit: countValue(values.overcommit, '--overcommit', 0, MAX_PAGES) }),
    ...place(values),
    ...shortage(values),
    allowSurplus: values['allow-surplus'] === true,
    dryRun: values['dry-run'] === true,
  };
  return report(values.json, (signal) => setPool(change, { signal }));
}

async function grow(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, { ...COMMON, ...SHORTAGE });
  const [size, free, ...more] = positionals;
  if (size === undefined || free === undefined || more.length > 0) throw new UsageError('grow takes a page size and a number of pages');
  const growth = {
    pageSize: sizeValue(size, 'SIZE'),
    freePages: countValue(free, 'FREE', 0, MAX_PAGES),
    ...place(values),
    ...shortage(values),
    dryRun: values['dry-run'] === true,
  };
  return report(values.json, (signal) => growPool(growth, { signal }));
}

async function split(args: string[]): Promise<number> {
  const { values, positionals } = parse(args, { ...COMMON, to: value });
  const [size, pages, ...more] = positionals;
  if (size === undefined || pages === undefined || more.length > 0) throw new UsageError('demote takes a page size and a number of pages');
  const pageSize = sizeValue(size, 'SIZE');
  const demotion = {
    pageSize,
    pages: countValue(pages, 'PAGES', 1, MAX_PAGES),
    ...(values.node !== undefined && { node: countValue(values.node, '--node', 0, MAX_NODE) }),
    ...(values.to !== undefined && { targetSize: sizeValue(values.to, '--to', 1, pageSize - 1) }),
    dryRun: values['dry-run'] === true,
  };
  // What is split stays so; a signal waits until the size that it is split into is the machine's again.
  const interrupt = new Interrupt();
  try {
    const result = await demote(demotion);
    print(result, values.json, renderDemotion);
    return interrupt.exitCode ?? (result.dryRun || result.demoted === result.requested ? 0 : 1);
  } finally {
    interrupt.stop();
  }
}

async function report(asJson: boolean | undefined, change: (signal: AbortSignal) => Promise<PoolChangeResult>): Promise<number> {
  return interruptible('the pool is as it was', async (signal) => {
    const result = await change(signal);
    print(result, asJson, renderChange);
    return result.dryRun || result.granted >= result.requested ? 0 : 1;
  });
}

function parse<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  return parseArgs({ args, options, allowPositionals: true });
}

/** `--node 1` or `--policy interleave:0,1` */
function place({ node, policy }: { node?: string; policy?: string }): { node?: number; policy?: PoolPolicy } {
  if (node !== undefined && policy !== undefined) throw new UsageError('--node and --policy do not go together');
  if (node !== undefined) return { node: countValue(node, '--node', 0, MAX_NODE) };
  return policy === undefined ? {} : { policy: parsePolicy(policy) };
}

function parsePolicy(text: string): PoolPolicy {
  const [, mode, nodes] = /^(bind|interleave|preferred):(\d+(?:,\d+)*)$/.exec(text) ?? [];
  if (mode === undefined || nodes === undefined) throw new UsageError('--policy is bind, interleave or preferred and nodes: bind:0,1');
  return { mode: mode as PoolPolicy['mode'], nodes: nodes.split(',').map((node) => countValue(node, '--policy', 0, MAX_NODE)) };
}

/** `0=8,1=4` */
function nodePages(text: string): Record<number, number> {
  const pairs = text.split(',').map((pair) => {
    const [, node, pages] = /^(\d+)=(\d+)$/.exec(pair) ?? [];
    if (node === undefined || pages === undefined) throw new UsageError('--nodes is nodes and their pages: 0=8,1=4');
    return [countValue(node, '--nodes', 0, MAX_NODE), countValue(pages, '--nodes', 0, MAX_PAGES)] as const;
  });
  if (new Set(pairs.map(([node]) => node)).size < pairs.length) throw new UsageError('--nodes names a node twice');
  return Object.fromEntries(pairs);
}

function shortage(values: { compact?: boolean; 'drop-caches'?: boolean; rollback?: boolean; retries?: string }): ShortageOptions {
  return {
    compact: values.compact === true,
    dropCaches: values['drop-caches'] === true,
    rollback: values.rollback === true,
    ...(values.retries !== undefined && { retries: countValue(values.retries, '--retries', 0, 20) }),
  };
}
