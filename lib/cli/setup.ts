/** `hugepages setup`: makes the machine ready, now and at every boot. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isArgumentError } from '../errors.js';
import { mountOptionOf, parseMountText } from '../host/setup/mount-text.js';
import { setup as setUp } from '../host/setup/setup.js';
import { checkOnce, parsePlan } from '../host/setup/plan.js';
import type { MountPlan, PoolPlan, SetupPlan } from '../host/setup/plan.js';
import type { SetupResult } from '../host/setup/setup.js';
import type { ThpChange } from '../host/set-thp.js';
import { fileError } from '../host/text.js';
import type { RootOptions } from '../host/text.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { interruptible } from './interrupt.js';
import { print } from './output.js';
import { heading } from './render.js';
import { inOptions } from './usage.js';
import { rootValue } from './values.js';

const HELP = `Usage: hugepages setup [PLAN] [--dry-run] [--json]
       hugepages setup --undo [--dry-run] [--json]

Makes the machine ready for huge pages: now, and at every boot by
/etc/sysctl.d/60-hugepages.conf and units of systemd. Programs then need no root
for huge pages. Needs root itself, except with --dry-run.

The plan is the whole: what an earlier one set and this one does not name goes
back to what it was before. A second run finds nothing to do. When a step fails,
and on ^C, those before it are taken back, also of an undo; after kill -9 or a
crash, run it again, or --undo.

The plan:
  --pool SIZE=PAGES        persistent pages of a pool
  --pool SIZE@NODE=PAGES   those of one NUMA node; once for each node
  --overcommit SIZE=PAGES  how many surplus pages there may be
  --mount PATH[,OPTION=VALUE]...
                           a hugetlbfs mount; options are pagesize, size,
                           min_size, nr_inodes, uid, gid, mode. Owners by number
                           or name
  --shm-group GROUP        who may make SHM_HUGETLB segments, by number or name
  --thp MODE               transparent huge pages: always, madvise or never
  --plan FILE              all of it from a JSON file, '-' for standard input:
                           { "pools": [{ "pageSize", "pages" or "nodes": { },
                             "overcommit" }], "mounts": [{ "path", "pageSize",
                             "size", "minSize", "nrInodes", "uid", "gid",
                             "mode" }], "shmGroup", "thp": { "enabled",
                             "defrag", "shmem" } }

Options:
  --undo      takes back everything that setup did here. What others changed
              since, or use, is left alone and named
  --dry-run   prints what would change, as a diff, and changes nothing
  --root DIR  writes the files below DIR only, for an image of another machine;
              DIR/proc and DIR/sys say what that machine has
  --json      one JSON object: dryRun, steps[] { kind, path, before, after },
              diff, left[] { path, reason }, kernelParameters,
              short[] { path, requested, granted }
  --help      this text

Exit code: 0 when it is done or there is nothing to do, 1 when something failed,
was left alone, will be otherwise at the next boot, or a pool is too small, 2
for a wrong command line or plan, 129, 130, 131, 143 after SIGHUP, SIGINT,
SIGQUIT, SIGTERM.

Examples:
  hugepages setup --pool 2MiB=512 --dry-run
  sudo hugepages setup --pool 2MiB=512 --shm-group db --thp madvise \\
    --mount /dev/hugepages,uid=db,mode=0770
  sudo hugepages setup --pool 1GiB@0=2 --pool 1GiB@1=2
  sudo hugepages setup --plan huge.json
  sudo hugepages setup --undo
`;

const OPTIONS = {
  pool: { type: 'string', multiple: true },
  overcommit: { type: 'string', multiple: true },
  mount: { type: 'string', multiple: true },
  'shm-group': { type: 'string', multiple: true },
  thp: { type: 'string', multiple: true },
  plan: { type: 'string' },
  undo: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  root: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

export const setup: Command = {
  help: HELP,
  async run(args) {
    const { values } = parseArgs({ args, options: OPTIONS });
    const { undo = false, 'dry-run': dryRun = false, json } = values;
    const [plan, root] = [readPlan(values), rootValue(values.root)];
    checkPlan(plan, root, values.plan === undefined);
    return interruptible('everything is as it was', async (signal) => {
      const result = await setUp(plan, { undo, dryRun, signal, ...root });
      print(result, json, renderSetup);
      return result.left.length + result.short.length > 0 ? 1 : 0;
    });
  },
};

function checkPlan(plan: SetupPlan, root: RootOptions, ofFlags: boolean): void {
  try {
    parsePlan(plan, root);
  } catch (error) {
    if (isArgumentError(error)) throw new UsageError(inOptions(error.message, ofFlags ? flagOf : (name) => name));
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

function readPlan(values: Values): SetupPlan {
  const { plan: file, undo } = values;
  const flags = planOfFlags(values);
  const given = Object.keys(flags).length > 0;
  if (undo === true && (given || file !== undefined)) throw new UsageError('--undo takes back everything, and takes no plan');
  if (file !== undefined && given) throw new UsageError('--plan cannot be given together with other parts of a plan');
  if (file !== undefined) return planOfFile(file);
  if (!given && undo !== true) throw new UsageError('a plan is missing: --pool, --mount, --plan or another part of one, or --undo');
  return flags;
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

function planOfFlags({ pool, overcommit, mount, ...values }: Values): SetupPlan {
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

/** The result as lines for people. */
export function renderSetup({ dryRun, steps, diff, left, short, kernelParameters }: SetupResult): string[] {
  const count = `${String(steps.length)} ${steps.length === 1 ? 'change' : 'changes'}`;
  return [
    ...(diff === '' ? [] : [...diff.trimEnd().split('\n'), '']),
    ...section(
      'Left alone',
      left.map(({ path, reason }) => `  ${path}: ${reason}`),
    ),
    ...section(
      'Too few pages',
      short.map(({ path, requested, granted }) => `  ${path}: ${String(granted)} of ${String(requested)}, the rest at the next boot`),
    ),
    ...section(
      'Kernel parameters for the boot loader, which are left to you',
      (kernelParameters === undefined ? [] : [kernelParameters]).map((line) => `  ${line}`),
    ),
    steps.length === 0 ? `Nothing ${left.length === 0 ? '' : 'else '}to do` : `${count}${dryRun ? ' to make: nothing was changed' : ' made'}`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines, ''];
}
