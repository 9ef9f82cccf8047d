/** The arguments of pool changes, checked. */
import { checkArray, checkBoolean, checkInteger, checkOneOf, checkOptions } from '../../arguments.js';
import { invalidArgType, invalidArgValue } from '../../errors.js';
import { parseSize } from '../../units.js';
import type { PoolSnapshot } from './pools.js';
import type { PoolPolicy } from './types.js';

/** Persistent pages that a pool, or a node's part of it, shall have. */
export interface Target {
  readonly node?: number;
  readonly pages: number;
  /** Whether it is well where others have added more meanwhile. */
  readonly atLeast?: boolean;
}

/** A change of one pool, as {@link changePool} takes it. */
export interface PoolRequest {
  /** Bytes. */
  readonly pageSize: number;
  /** What it shall have, given what it has. Empty when its size stays. */
  readonly targets: (before: PoolSnapshot) => readonly Target[];
  /** The nodes whose pages are asked for; undefined for the whole pool. None when its size stays. */
  readonly parts: readonly (number | undefined)[];
  /** Nodes that have to exist. */
  readonly nodes: readonly number[];
  readonly overcommit: number | undefined;
  readonly policy: PoolPolicy | undefined;
  readonly allowSurplus: boolean;
  readonly compact: boolean;
  readonly dropCaches: boolean;
  readonly retries: number;
  readonly rollback: boolean;
  readonly dryRun: boolean;
}

const MAX_PAGES = Number.MAX_SAFE_INTEGER;
const MAX_NODE = 1023;
const MAX_RETRIES = 20;

const COMMON = ['pageSize', 'node', 'policy', 'compact', 'dropCaches', 'retries', 'rollback', 'dryRun'] as const;
const CHANGE = [...COMMON, 'pages', 'nodes', 'overcommit', 'allowSurplus'] as const;
const GROWTH = [...COMMON, 'freePages'] as const;

/** The arguments of {@link setPool}. */
export function parsePoolChange(value: unknown): PoolRequest {
  const given = checkOptions(value, 'change', CHANGE);
  const common = parseCommon(given, 'change');
  const overcommit = optional(given.overcommit, (pages) => checkPages(pages, 'change.overcommit'));
  const targets = parseTargets(given);
  if (targets.length === 0 && overcommit === undefined) {
    throw invalidArgType('change.pages', 'of type number, unless nodes or overcommit is given', given.pages);
  }
  const nodes = targets.flatMap(({ node }) => node ?? []);
  if (common.policy !== undefined && (targets.length === 0 || nodes.length > 0)) {
    throw invalidArgValue('change.policy', 'goes with pages of the whole pool', given.policy);
  }
  return {
    ...common,
    targets: () => targets,
    parts: targets.map(({ node }) => node),
    nodes: [...nodes, ...common.nodes],
    overcommit,
    allowSurplus: checkBoolean(given.allowSurplus, 'change.allowSurplus', false),
  };
}

function parseTargets(given: Partial<Record<(typeof CHANGE)[number], unknown>>): Target[] {
  const node = optional(given.node, (value) => checkNode(value, 'change.node'));
  if (given.nodes === undefined) {
    if (given.pages === undefined && node === undefined) return [];
    return [{ ...(node !== undefined && { node }), pages: checkPages(given.pages, 'change.pages') }];
  }
  if (given.pages !== undefined || node !== undefined) {
    throw invalidArgValue('change.nodes', 'does not go together with pages or node', given.nodes);
  }
  return parseNodes(given.nodes);
}

function parseNodes(value: unknown): Target[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgType('change.nodes', 'an object', value);
  const entries = Object.entries(value);
  if (entries.length === 0) throw invalidArgValue('change.nodes', 'must name at least one node', value);
  return entries.map(([key, pages]) => {
    if (!/^\d+$/.test(key)) throw invalidArgValue('change.nodes', 'must have numbers of nodes for its keys', key);
    return { node: checkNode(Number(key), 'change.nodes'), pages: checkPages(pages, `change.nodes.${key}`) };
  });
}

/** The arguments of {@link growPool}. */
export function parsePoolGrowth(value: unknown): PoolRequest {
  const given = checkOptions(value, 'growth', GROWTH);
  const common = parseCommon(given, 'growth');
  const freePages = checkPages(given.freePages, 'growth.freePages');
  const node = optional(given.node, (number) => checkNode(number, 'growth.node'));
  if (common.policy !== undefined && node !== undefined) {
    throw invalidArgValue('growth.policy', 'does not go together with node', given.policy);
  }
  return {
    ...common,
    targets: (before) => growthTargets(before, freePages, node, common.policy),
    parts: [node],
    nodes: node === undefined ? common.nodes : [node],
    overcommit: undefined,
    allowSurplus: true, // it never shrinks
  };
}

/**
 * Writing more persistent pages than there are turns surplus pages into persistent ones first, those of the nodes that are written to:
 * so many more than with these adds exactly what is missing.
 */
function growthTargets(before: PoolSnapshot, freePages: number, node: number | undefined, policy: PoolPolicy | undefined): Target[] {
  const available = before.free - before.reserved;
  if (node === undefined) {
    const elsewhere = before.perNode.filter((part) => policy?.nodes.includes(part.node) === false);
    const staying = elsewhere.reduce((sum, { surplus }) => sum + surplus, 0);
    return freePages <= available ? [] : [{ pages: before.total - staying + freePages - available, atLeast: true }];
  }
  const part = before.perNode.find((other) => other.node === node) ?? { total: 0, free: 0 };
  const missing = freePages - Math.min(available, part.free);
  return missing <= 0 ? [] : [{ node, pages: part.total + missing, atLeast: true }];
}

type Common = Omit<PoolRequest, 'targets' | 'parts' | 'overcommit' | 'allowSurplus'>;

function parseCommon(given: Partial<Record<(typeof COMMON)[number], unknown>>, name: string): Common {
  const flag = (key: 'compact' | 'dropCaches' | 'rollback' | 'dryRun'): boolean => checkBoolean(given[key], `${name}.${key}`, false);
  const policy = optional(given.policy, (value) => parsePolicy(value, `${name}.policy`));
  return {
    pageSize: parseSize(given.pageSize, `${name}.pageSize`),
    nodes: policy?.nodes ?? [],
    policy,
    compact: flag('compact'),
    dropCaches: flag('dropCaches'),
    retries: given.retries === undefined ? 0 : checkInteger(given.retries, `${name}.retries`, 0, MAX_RETRIES),
    rollback: flag('rollback'),
    dryRun: flag('dryRun'),
  };
}

function parsePolicy(value: unknown, name: string): PoolPolicy {
  const given = checkOptions(value, name, ['mode', 'nodes']);
  const nodes = checkArray(given.nodes, `${name}.nodes`).map((node) => checkNode(node, `${name}.nodes`));
  if (nodes.length === 0) throw invalidArgValue(`${name}.nodes`, 'must name at least one node', given.nodes);
  const mode = checkOneOf(given.mode, `${name}.mode`, ['bind', 'interleave', 'preferred']);
  if (mode === 'preferred' && nodes.length > 1) throw invalidArgValue(`${name}.nodes`, 'must name one node only', given.nodes);
  return { mode, nodes };
}

function optional<T>(value: unknown, check: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : check(value);
}

function checkPages(value: unknown, name: string): number {
  return checkInteger(value, name, 0, MAX_PAGES);
}

export function checkNode(value: unknown, name: string): number {
  return checkInteger(value, name, 0, MAX_NODE);
}
