/** `hugepages setup`: makes the machine ready, now and at every boot. */
import { parseArgs } from 'node:util';
import { setup as setUp } from '../host/setup/setup.js';
import type { Command } from './command.js';
import { interruptible } from './interrupt.js';
import { print } from './output.js';
import { PLAN_OPTIONS, readPlan } from './setup/plan.js';
import { renderSetup } from './setup/render.js';
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
  ...PLAN_OPTIONS,
  undo: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  root: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const setup: Command = {
  help: HELP,
  async run(args) {
    const { values } = parseArgs({ args, options: OPTIONS });
    const { undo = false, 'dry-run': dryRun = false, json } = values;
    const root = rootValue(values.root);
    const plan = readPlan(values, undo, root);
    return interruptible('everything is as it was', async (signal) => {
      const result = await setUp(plan, { undo, dryRun, signal, ...root });
      print(result, json, renderSetup);
      return result.left.length + result.short.length > 0 ? 1 : 0;
    });
  },
};
