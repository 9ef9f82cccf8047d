/** `hugepages watch`: the counters of the pools as they change. */
import { parseArgs } from 'node:util';
import { existingPool } from '../host/pools/pool-state.js';
import { pools } from '../host/pools/pools.js';
import type { PoolSnapshot } from '../host/pools/pools.js';
import type { RootOptions } from '../host/text.js';
import { vmstat } from '../host/vmstat.js';
import type { Command } from './command.js';
import { Interrupt } from './interrupt.js';
import { parseRhythm, repeat } from './rhythm.js';
import { rootValue, sizeValue } from './values.js';
import { renderFrame, renderLine } from './watch/frame.js';
import { History } from './watch/history.js';
import { tick } from './watch/sample.js';
import type { Sample, Tick } from './watch/sample.js';
import { show } from './watch/show.js';

const HELP = `Usage: hugepages watch [--interval MS] [--count N] [--page-size SIZE] [--json]
                       [--root DIR]

Shows the pools as they change, by node where there are several, with what
changed since the last tick, the used pages over time, and how often the kernel
makes huge pages. On a terminal it redraws in place until ^C; elsewhere each
tick is a line. Changes nothing, and needs no root.

Options:
  --interval MS     milliseconds from tick to tick: 10 or more, 1000 by default
  --count N         ends after so many ticks
  --page-size SIZE  only the pool of these pages, such as 2MiB
  --json            each tick is a JSON object in one line; pools count pages:
                      time       ISO 8601
                      pools[]    pageSize (bytes), isDefault,
                                 pages { total, used, free, reserved, surplus },
                                 change (the same, since the last tick), and
                                 where there are several nodes an entry for each
                                 of them with node, without reserved
                      perSecond  htlb_*, thp_* and compact_* of /proc/vmstat;
                                 empty at the first tick
  --root DIR        the recorded proc and sys of another machine
  --help            this text

Exit code: 0 after the last of --count, 1 when something failed, 2 for a wrong
command line, 129, 130, 131, 143 after SIGHUP, SIGINT, SIGQUIT, SIGTERM.

Examples:
  hugepages watch
  hugepages watch --interval 100 --page-size 1GiB
  hugepages watch --json --count 60 | jq -c '[.time, .pools[0].pages.free]'
`;

const OPTIONS = {
  interval: { type: 'string', default: '1000' },
  count: { type: 'string' },
  'page-size': { type: 'string' },
  json: { type: 'boolean', default: false },
  root: { type: 'string' },
} as const;

export const watch: Command = {
  help: HELP,
  async run(args) {
    const { values } = parseArgs({ args, options: OPTIONS });
    const rhythm = parseRhythm(values.interval, values.count);
    const read = sampler(values['page-size'], rootValue(values.root));
    const interrupt = new Interrupt();
    const history = new History();
    try {
      await show(ticks(repeat(rhythm, interrupt.signal, read), history), values.json, {
        frame: (seen, columns) => renderFrame(seen, history, columns),
        text: renderLine,
      });
    } finally {
      interrupt.stop();
    }
    return interrupt.exitCode ?? 0;
  },
};

function sampler(pageSize: string | undefined, options: RootOptions): () => Sample {
  const wanted = pageSize === undefined ? undefined : sizeValue(pageSize, '--page-size');
  const watched = (): readonly PoolSnapshot[] => (wanted === undefined ? pools(options) : [existingPool(wanted, options)]);
  return () => ({ time: Date.now(), pools: watched(), vmstat: vmstat(options) });
}

async function* ticks(samples: AsyncIterable<Sample>, history: History): AsyncGenerator<Tick, void, undefined> {
  let before: Sample | undefined;
  for await (const sample of samples) {
    const latest = tick(sample, before);
    history.add(latest);
    yield latest;
    before = sample;
  }
}
