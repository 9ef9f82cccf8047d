/** `hugepages pool`: the pools, and changing them. */
import { parseArgs } from 'node:util';
import { pools } from '../host/pools/pools.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { print } from './output.js';
import { renderPools } from './render-pools.js';
import { suggestion } from './usage.js';
import { rootValue } from './values.js';

const HELP = `Usage: hugepages pool [list] [--root DIR] [--json]
       hugepages pool set SIZE PAGES [--node N | --policy MODE:NODES] [options]
       hugepages pool set SIZE [--nodes N=PAGES,...] [--overcommit N] [options]
       hugepages pool grow SIZE FREE [--node N | --policy MODE:NODES] [options]
       hugepages pool demote SIZE PAGES [--node N] [--to SIZE] [--dry-run]

Shows the pools of huge pages, or changes one, and says what the kernel granted:
it grants less, without an error, when it finds too little contiguous memory.

Actions:
  list    counters of every pool and, where there are several, of every node
  set     PAGES persistent pages; more or fewer
  grow    as many pages as are missing until FREE are free and unreserved
  demote  splits free pages into smaller ones

Options:
  --node N           the pages of this NUMA node; others keep theirs
  --nodes 0=8,1=4    the pages of each of these nodes
  --policy MODE:NODES
                     bind, interleave or preferred, such as interleave:0,1
  --overcommit PAGES the most surplus pages, which the kernel makes on demand
  --allow-surplus    shrinks below what is in use: such pages leave when freed
  --compact          when pages are missing: moves memory together
  --drop-caches      when pages are missing: forgets cached files
  --retries N        when pages are missing: asks again, up to 20 times
  --rollback         when pages are missing: puts everything back
  --to SIZE          what demoted pages become; by default what the kernel says
  --dry-run          says what would be written, and writes nothing
  --root DIR         the recorded proc and sys of another machine; list only
  --json             one JSON object, which counts pages:
                       list    pools[], as 'hugepages status' has them
                       set,    pageSize (bytes), before, requested, granted,
                       grow    perNode[] { node, before, requested, granted },
                               overcommit { before, requested, granted },
                               gained { compact, dropCaches, retries },
                               rolledBack, grantedBeforeRollback,
                               interference[] { node, expected, found },
                               dryRun, writes[] { path, value, policy }, after
                               (a pool)
                       demote  pageSize, targetSize (bytes), requested, demoted,
                               gained, dryRun, writes[]
  --help             this text

Exit code: 0 when all was granted, 1 when it was not, 2 for a wrong command
line, 129, 130, 131, 143 after SIGHUP, SIGINT, SIGQUIT, SIGTERM, which put all
back; what is split stays so.

Examples:
  hugepages pool
  sudo hugepages pool set 2MiB 512
  sudo hugepages pool set 2MiB --nodes 0=256,1=128 --rollback
  sudo hugepages pool grow 1GiB 4 --compact --drop-caches --retries 5
  sudo hugepages pool demote 1GiB 1
`;

export const pool: Command = {
  help: HELP,
  async run(given) {
    const [action = 'list', ...args] = given[0]?.startsWith('-') === true ? ['list', ...given] : given;
    if (action === 'list') return list(args);
    // Changing needs the addon, and looking does not.
    const { changes } = await import('./pool/changes.js');
    const change = changes.get(action);
    if (change === undefined) throw new UsageError(`unknown action '${action}'${suggestion(action, ['list', ...changes.keys()])}`);
    return change(args);
  },
};

function list(args: string[]): number {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, root: { type: 'string' } } });
  print({ pools: pools(rootValue(values.root)) }, values.json, (report) => renderPools(report.pools));
  return 0;
}
