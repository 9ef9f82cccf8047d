/** The plan of `hugepages setup`, from options or from a file. */
import { readFileSync } from 'node:fs';
import type { parseArgs } from 'node:util';
import { isArgumentError } from '../../errors.js';
import type { ThpChange } from '../../host/set-thp.js';
import { mountOptionOf, parseMountText } from '../../host/setup/mount-text.js';
import { checkOnce, parsePlan } from '../../host/setup/plan.js';
import type { MountPlan, PoolPlan, SetupPlan } from '../../host/setup/plan.js';
import { fileError } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';
import { UsageError } from '../command.js';
import { inOptions } from '../usage.js';

/** The options that say what the plan is. */
export const PLAN_OPTIONS = {
  pool: { type: 'string', multiple: true },
  overcommit: { type: 'string', multiple: true },
  mount: { type: 'string', multiple: true },
  'shm-group': { type: 'string', multiple: true },
  thp: { type: 'string', multiple: true },
  plan: { type: 'string' },
} as const;

type PlanValues = ReturnType<typeof parseArgs<{ options: typeof PLAN_OPTIONS }>>['values'];

/** The plan of a command line, checked. */
export function readPlan(values: PlanValues, undo: boolean, root: RootOptions): SetupPlan {
  const { plan: file } = values;
  const flags = planOfFlags(values);
  const given = Object.keys(flags).length > 0;
  if (undo && (given || file !== undefined)) throw new UsageError('--undo takes back everything, and takes no plan');
  if (file !== undefined && given) throw new UsageError('--plan cannot be given together with other parts of a plan');
  if (file !== undefined) return checked(planOfFile(file), root, (name) => name);
  if (!given && !undo) throw new UsageError('a plan is missing: --pool, --mount, --plan or another part of one, or --undo');
  return checked(flags, root, flagOf);
}

function checked(plan: SetupPlan, root: RootOptions, optionOf: (name: string) => string): SetupPlan {
  try {
    parsePlan(plan, root);
    return plan;
  } catch (error) {
    if (isArgumentError(error)) throw new UsageError(inOptions(error.message, optionOf));
    throw error;
  }
}

/** `plan.shmGroup` → `--shm-group`, `plan.mounts[0].minSize` → `--mount min_size` */
function flagOf(name: string): string {
  const [, part = '', field = ''] = /^plan\.(\w+)(?:\[\d+\])?\.?(\w*)/.exec(name) ?? [];
  if (part === 'mounts') return `--mount ${mountOptionOf(field)}`.trimEnd();
  if (part === 'pools') return field === 'overcommit' ? '--overcommit' : '--pool';
  return part === 'shmGroup' ? '--shm-group' : '--thp';
}

function planOfFile(file: string): SetupPlan {
  const text = readPlanFile(file);
  try {
    return JSON.parse(text) as SetupPlan;
  } catch (error) {
    throw new UsageError(`${file === '-' ? 'standard input' : file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readPlanFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`--plan ${file}: there is no such file`);
    throw fileError(`Could not read the plan ${file}`, file, error);
  }
}

function planOfFlags({ pool, overcommit, mount, ...values }: PlanValues): SetupPlan {
  const [shmGroup, thp] = [only(values['shm-group'], '--shm-group'), only(values.thp, '--thp')];
  return {
    ...((pool ?? overcommit) !== undefined && { pools: planOfPools(pool ?? [], overcommit ?? []) }),
    ...(mount !== undefined && { mounts: mount.map(planOfMount) }),
    ...(shmGroup !== undefined && { shmGroup }),
    ...(thp !== undefined && { thp: { enabled: thp as NonNullable<ThpChange['enabled']> } }),
  };
}

/** The value of an option that goes once. */
function only(texts: readonly string[] | undefined, flag: string): string | undefined {
  if (texts !== undefined && texts.length > 1) throw new UsageError(`${flag} is given twice`);
  return texts?.[0];
}

/** One pool for each page size, from `2MiB=512`, `2MiB@0=256` and the overcommit. */
export function planOfPools(counts: readonly string[], overcommits: readonly string[]): PoolPlan[] {
  const plans = new Map<string, PoolPlan>();
  for (const [flag, texts] of Object.entries({ '--pool': counts, '--overcommit': overcommits })) {
    checkOnce(texts.map((text) => text.replace(/=.*/, '')), flag);
  }
  const add = (pageSize: string, part: (earlier: PoolPlan) => Partial<PoolPlan>): void => {
    const earlier = plans.get(pageSize) ?? { pageSize };
    plans.set(pageSize, { ...earlier, ...part(earlier) });
  };
  for (const text of counts) {
    const [pageSize, pages, node] = parseCount(text, '--pool');
    add(pageSize, ({ nodes }) => (node === undefined ? { pages } : { nodes: { ...nodes, [node]: pages } }));
  }
  for (const text of overcommits) {
    const [pageSize, overcommit, node] = parseCount(text, '--overcommit');
    if (node !== undefined) throw new UsageError('--overcommit is of the whole machine: it takes no node');
    add(pageSize, () => ({ overcommit }));
  }
  return [...plans.values()];
}

function parseCount(text: string, flag: string): [pageSize: string, pages: number, node: number | undefined] {
  const [, pageSize, node, pages] = /^([^@=]+)(?:@(\d+))?=(\d+)$/.exec(text) ?? [];
  if (pageSize === undefined) throw new UsageError(`${flag} takes SIZE=PAGES, such as 2MiB=512, and not '${text}'`);
  return [pageSize, Number(pages), node === undefined ? undefined : Number(node)];
}

function planOfMount(text: string): MountPlan {
  const comma = text.indexOf(',');
  return comma === -1 ? { path: text } : parseMountText(text.slice(0, comma), text.slice(comma + 1));
}
