/** `hugepages ledger`: whose the pages of the pools are. */
import { parseArgs } from 'node:util';
import { leaks } from '../inspect/ledger/leaks.js';
import { ledger as takeLedger } from '../inspect/ledger/ledger.js';
import type { Ledger, LedgerOptions } from '../inspect/ledger/types.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { Interrupt } from './interrupt.js';
import { renderLeaks } from './ledger/render-leaks.js';
import { renderLedger } from './ledger/render.js';
import { print } from './output.js';
import { heading } from './render.js';
import { repeat, watchRhythm } from './rhythm.js';
import type { Rhythm } from './rhythm.js';
import { sizeValue } from './values.js';
import { show } from './watch/show.js';

const HELP = `Usage: hugepages ledger [--pool SIZE] [--json]
       hugepages ledger --watch [--interval MS] [--count N] [--pool SIZE]
                        [--json]
       hugepages ledger --leaks [--pool SIZE] [--json]

Shows whose the pages of the pools are, the used and the reserved ones, so that
nothing is left over: private memory by process, and common memory, memfds,
System V segments and files with all processes that map them or have them open,
also where nobody does. Exact for root; others see their own, and what they do
not see is named. Changes nothing.

Counts are pages; 'used bytes' is what the used ones of a row come to.

What the kernel has reserved follows from its rules and its counters. Where it
could be for one or for another, a row has it for both together.

Options:
  --pool SIZE    only the pool of these pages, such as 2MiB
  --leaks        what was left behind, with the command that frees it: segments
                 that nobody has attached, files that nobody maps or has open,
                 and what killed programs of this package have left changed; a
                 file that processes may use, which are not seen, has none
                 where the kernel does not tell this user whether it is in use
  --watch        again and again until ^C; on a terminal in place
  --interval MS  milliseconds from look to look: 10 or more, 2000 by default
  --count N      ends after so many looks
  --json         one JSON object, with --watch one in each line; counts pages:
                   pools[]       pageSize (bytes), total, free, used, reserved,
                                 surplus { pages, overcommit, shrunk }, residue
                                 { used, reserved }, and rows[] { kind, used,
                                 reserved, holders[] { pid, command, uses[] } }
                                 with what its kind has: 'private';
                                 'anonymous', 'memfd', 'sysv' and 'file' name,
                                 device, inode, byteLength, linked, segment
                                 { id, key, creatorUid, creatorPid, attachments,
                                 namespace { name, pid } }, holdersComplete;
                                 'mount' mountPoint, device; 'undetermined'
                                 among[] { row, least, most }, where row
                                 counts from 0; 'residue' reasons[]
                   consistent, attempts, partial, gaps[], unreadable[]
                   leaks[]       in place of pools: kind ('segment', 'file' or
                                 'changes'), pageSize, used, reserved, command,
                                 and segment, creatorEnded; path, throughPid,
                                 certain, which has no command if false;
                                 purpose, pid, count
  --help         this text

Exit code: 0 when all pages are accounted for, in the last look of --watch, 1
when some are not or the pools did not hold still, 2 for a wrong command line,
129, 130, 131, 143 after SIGHUP, SIGINT, SIGQUIT, SIGTERM of --watch.

Examples:
  hugepages ledger
  sudo hugepages ledger --pool 2M --watch
  sudo hugepages ledger --leaks
  sudo hugepages ledger --json | jq '.pools[].rows[] | select(.holders == [])'
`;

const OPTIONS = {
  pool: { type: 'string' },
  leaks: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  interval: { type: 'string' },
  count: { type: 'string' },
  json: { type: 'boolean', default: false },
  root: { type: 'string' },
} as const;

export const ledger: Command = {
  help: HELP,
  async run(args) {
    const { values } = parseArgs({ args, options: OPTIONS });
    // Page frames, blocks of files, and the files of mounts are in no text of the kernel.
    if (values.root !== undefined) throw new UsageError('--root: a ledger is of the running kernel; ps, map and status take one');
    const options: LedgerOptions = values.pool === undefined ? {} : { pageSize: sizeValue(values.pool, '--pool') };
    const rhythm = watchRhythm(values, '2000');
    if (values.leaks && values.watch) throw new UsageError('--leaks and --watch do not go together');
    if (rhythm !== undefined) return watchLedger(options, rhythm, values.json);
    if (values.leaks) {
      print(await leaks(options), values.json, renderLeaks);
      return 0;
    }
    const found = await takeLedger(options);
    print(found, values.json, renderLedger);
    return isComplete(found) ? 0 : 1;
  },
};

function isComplete({ pools, consistent }: Ledger): boolean {
  return consistent && pools.every(({ residue }) => residue.used === 0 && residue.reserved === 0);
}

/** One look of `--watch`. */
function frame(seen: Ledger, columns?: number): string[] {
  return [`${heading('hugepages ledger')}  ${new Date().toTimeString().slice(0, 8)}`, '', ...renderLedger(seen, columns), ''];
}

async function watchLedger(options: LedgerOptions, rhythm: Rhythm, asJson: boolean): Promise<number> {
  const interrupt = new Interrupt();
  let last: Ledger | undefined;
  try {
    await show(
      repeat(rhythm, interrupt.signal, async () => (last = await takeLedger(options))),
      asJson,
      { frame, text: (seen) => frame(seen).join('\n') },
    );
  } finally {
    interrupt.stop();
  }
  return interrupt.exitCode ?? (last !== undefined && isComplete(last) ? 0 : 1);
}
