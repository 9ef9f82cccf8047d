/** `hugepages bench`: measures memory and pages, and compares results. */
import { actions } from './bench/actions.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { suggestion } from './usage.js';

const HELP = `Usage: hugepages bench tlb [--bytes SIZE] [--no-javascript] [options]
       hugepages bench advise --pattern random|stride --bytes SIZE
                              [--stride SIZE] [options]
       hugepages bench prefault | fork | access | share [--bytes SIZE] [options]
       hugepages bench compare BEFORE.json AFTER.json [--all] [--json]
       hugepages bench report RESULT.json... --html FILE

Measures on base pages, transparent huge pages and every hugetlb pool, in turn
and again and again. As root it grows the pools by what is missing, and gives
that back at the end, also after ^C. What cannot be measured is left out, and
said.

Each takes half a minute or so, less with less --bytes.

Benchmarks:
  tlb       latency by the number of pages touched: where the levels of the TLB
            end, what a miss costs, what huge pages gain; and whether their
            entries are splintered, as in a virtual machine whose host backs it
            with small pages
  advise    what each kind of page gains for your pattern and amount of memory
  prefault  populating by threads, and a page fault
  fork      fork(2) by what is mapped
  access    sequential and random reads and writes by the size of the memory
  share     mapping what another process has, beside copying it
  compare   two results that --json has written: what became better or worse,
            with 95 % confidence
  report    results that --json has written, as one page with charts

Options:
  --bytes SIZE      of each kind of page; by default what leaves half of the
                    available memory, up to 1GiB
  --pattern NAME    random: any line of 64 bytes; stride: one line in each
                    --stride bytes, in any order
  --stride SIZE     a power of two from 64 bytes; by default 4KiB
  --rounds N        samples of each figure, 1 to 1000
  --keep-pools      takes pages of the pools as they are
  --no-javascript   leaves out what blocks the event loop
  --all             of compare: also what is the same
  --html FILE       also writes a page with charts, tables and the raw data that
                    needs nothing besides; drawn by the package vega:
                      npm install vega
  --json            one JSON object; times are in the unit of each figure:
                      schema, version, benchmark, date, milliseconds,
                      machine { kernel, arch, node, cpu, cpus, caches, virtual,
                      memory, thp, loadAverage }, settings,
                      figures[] { id, name, engine, backing { kind, pageSize },
                      parameter { name, value }, unit, better, samples[],
                      median, mad, low, high (95 % interval), noise, clock,
                      counters[] { name, perAccess[] or reason } },
                      noise, clock { samples[], ... }, notes[]
                    tlb adds knees[], pageSizes[], gains[]; advise adds advice[]
                    compare: benchmark, clock, differences[] { id, before,
                      after, ratio, low, high, noise, byClock, verdict },
                      machines[], onlyBefore[], onlyAfter[]
                    docs/benchmarks.md tells more
  --help            this text

Exit code: 0, 1 when it failed, or compare found something worse, 2 for a wrong
command line, 129, 130, 131, 143 after SIGHUP, SIGINT, SIGQUIT, SIGTERM, which
put all back.

Examples:
  hugepages bench tlb --keep-pools
  sudo hugepages bench tlb
  hugepages bench advise --pattern random --bytes 512MiB --keep-pools
  hugepages bench tlb --json > before.json
  hugepages bench compare before.json after.json
  hugepages bench report tlb.json prefault.json --html report.html
`;

export const bench: Command = {
  help: HELP,
  async run(given) {
    const [name = '', ...args] = given;
    const load = actions.get(name);
    if (load === undefined) {
      const names = [...actions.keys()];
      throw new UsageError(name === '' ? `one of ${names.join(', ')} is needed` : `unknown benchmark '${name}'${suggestion(name, names)}`);
    }
    const action = await load();
    return action(args);
  },
};
