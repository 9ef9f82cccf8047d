/** `hugepages ps`: the processes that have huge pages. */
import { parseArgs } from 'node:util';
import { GROUP_ORDERS } from '../inspect/processes/groups.js';
import { ORDERS } from '../inspect/processes/order.js';
import type { ProcessesOptions } from '../inspect/processes/processes.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { Interrupt } from './interrupt.js';
import { print } from './output.js';
import { renderFrame, renderPs } from './ps/render.js';
import { readReport } from './ps/report.js';
import type { PsReport } from './ps/report.js';
import { repeat, watchRhythm } from './rhythm.js';
import type { Rhythm } from './rhythm.js';
import { countValue, rootValue, sizeValue } from './values.js';
import { show } from './watch/show.js';

const HELP = `Usage: hugepages ps [PID...] [selection] [--sort KEY] [--node] [--json]
                    [--root DIR]
       hugepages ps --cgroup [selection] [--sort KEY] [--node] [--json]
                    [--root DIR]
       hugepages ps --watch [--interval MS] [--count N] [any of the above]

Shows which processes map huge pages: pages of the hugetlb pools by page size,
and transparent huge pages (THP) that a PMD maps, of anonymous memory, of shared
memory and of files. Changes nothing. Without root it shows the processes that
this user may look into, and names the others. Of those the kernel tells only
the sum of their hugetlb pages: the total is that or more (>=4MiB), as THP are
unknown, and their other columns are '?'.

A page that several processes map is shared: it counts in each of them. That
can be fewer than map the file it is of: who has not touched it has it not.

Selection:
  PID...            only these
  --user NAME       only those of this user, by name or number
  --command TEXT    only with this in the command line or the name
  --under CGROUP    only those in this cgroup or below it
  --container ID    only those of the container whose id begins so
  --page-size SIZE  only with pages of this pool, such as 1GiB
  --min-size SIZE   only with so much in huge pages, such as 64MiB
  --all             also those without huge pages

Options:
  --sort KEY        ${ORDERS.join(', ')};
                    total by default; sizes largest first; with --cgroup
                    ${GROUP_ORDERS.join(', ')} of the cgroup
  --node            the hugetlb pages by NUMA node
  --cgroup          sums by cgroup, with the container that it belongs to. It
                    is that of the hierarchy with the hugetlb controller, or
                    else of cgroup v2
  --watch           again and again until ^C; on a terminal in place
  --interval MS     milliseconds from look to look: 10 or more, 2000 by default
  --count N         ends after so many looks
  --json            one JSON object, with --watch one in each line; bytes:
                      processes[]   state 'read', pid, kind ('process',
                                    'kernel-thread', 'zombie'), name,
                                    commandLine[], uid, user, cgroup,
                                    container { kind, id }, total,
                                    hugetlb[] { pageSize, privateBytes,
                                    sharedBytes, nodes[] { node, bytes } },
                                    anonHugePages, shmemPmdMapped,
                                    filePmdMapped, resident
                      groups[]      with --cgroup in place of processes: cgroup,
                                    container, pids[], and the same sizes
                      unreadable[]  state 'unreadable', pid, hugetlbBytes and
                                    what else of a process is known
                      vanished[]    state 'vanished', pid, name: those that
                                    ended or executed other programs meanwhile
  --root DIR        the recorded proc and sys of another machine
  --help            this text

Exit code: 0, 1 when a PID is not there or may not be looked into, or /proc
cannot be read, 2 for a wrong command line, 129, 130, 131, 143 after SIGHUP,
SIGINT, SIGQUIT, SIGTERM of --watch.

Examples:
  hugepages ps
  hugepages ps --sort hugetlb --page-size 1GiB --node
  hugepages ps --cgroup --watch
  hugepages ps --json | jq '.processes[] | select(.user == "postgres").total'
`;

const OPTIONS = {
  user: { type: 'string' },
  command: { type: 'string' },
  under: { type: 'string' },
  container: { type: 'string' },
  'page-size': { type: 'string' },
  'min-size': { type: 'string' },
  all: { type: 'boolean', default: false },
  sort: { type: 'string', default: 'total' },
  node: { type: 'boolean', default: false },
  cgroup: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  interval: { type: 'string' },
  count: { type: 'string' },
  json: { type: 'boolean', default: false },
  root: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseCommandLine>['values'];

export const ps: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parseCommandLine(args);
    const options = processesOptions(values, positionals);
    const rhythm = watchRhythm(values, '2000');
    const groupOrder = values.cgroup ? orderOf(values.sort, GROUP_ORDERS, '--sort with --cgroup') : undefined;
    const read = (): Promise<PsReport> => readReport(options, groupOrder);
    if (rhythm !== undefined) return watchReports(read, rhythm, values);
    const report = await read();
    print(report, values.json, (seen) => renderPs(seen, values.node, process.stdout.columns));
    return options.pids !== undefined && report.vanished.length + report.unreadable.length > 0 ? 1 : 0;
  },
};

async function watchReports(read: () => Promise<PsReport>, rhythm: Rhythm, { json, node }: Values): Promise<number> {
  const interrupt = new Interrupt();
  try {
    await show(repeat(rhythm, interrupt.signal, read), json, {
      frame: (seen, columns) => renderFrame(seen, node, columns),
      text: (seen) => renderFrame(seen, node).join('\n'),
    });
  } finally {
    interrupt.stop();
  }
  return interrupt.exitCode ?? 0;
}

function parseCommandLine(args: string[]) {
  return parseArgs({ args, options: OPTIONS, allowPositionals: true });
}

function processesOptions(values: Values, pids: readonly string[]): ProcessesOptions {
  if (values.under?.startsWith('/') === false) throw new UsageError(`--under must be a path such as /system.slice, not '${values.under}'`);
  return {
    ...rootValue(values.root),
    ...(pids.length > 0 && { pids: pids.map((pid) => countValue(pid, 'PID', 1, 2 ** 22)) }),
    ...(values.user !== undefined && { user: /^\d+$/.test(values.user) ? Number(values.user) : values.user }),
    ...(values.command !== undefined && { command: values.command }),
    ...(values.under !== undefined && { cgroup: values.under }),
    ...(values.container !== undefined && { container: values.container }),
    ...(values['page-size'] !== undefined && { pageSize: sizeValue(values['page-size'], '--page-size') }),
    ...(values['min-size'] !== undefined && { minSize: sizeValue(values['min-size'], '--min-size', 0) }),
    all: values.all,
    sort: orderOf(values.sort, ORDERS, '--sort'),
  };
}

function orderOf<T extends string>(sort: string, orders: readonly T[], name: string): T {
  const order = orders.find((known) => known === sort);
  if (order === undefined) throw new UsageError(`${name} is one of ${orders.join(', ')}, not '${sort}'`);
  return order;
}
