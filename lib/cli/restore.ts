/** `hugepages restore`: puts back what killed programs have left changed. */
import { parseArgs } from 'node:util';
import type { Change } from '../host/journal/change.js';
import { restore as restoreAll } from '../host/journal/restore.js';
import type { RestoredEntry } from '../host/journal/restore.js';
import { isSetupUnfinished } from '../host/setup/record.js';
import { counted, formatSize } from '../units.js';
import type { Command } from './command.js';
import { print } from './output.js';
import { printable } from './printable.js';
import { bad, heading } from './render.js';

const HELP = `Usage: hugepages restore [--dry-run] [--json]

Undoes what programs of this package have changed for a while and, killed, have
not undone themselves: pages added to a pool or taken from it, and settings of
the kernel. What others have changed since stays as they made it, and programs
that still run are left to undo their own. They note each change in
/run/hugepages before they make it.

What 'hugepages setup' does is meant to stay: one that was killed is named, and
left to 'hugepages setup --undo'.

Options:
  --dry-run  says what is noted, and undoes nothing
  --json     one JSON object:
               entries[]  purpose, pid, owner ('running', 'gone' or 'unknown'),
                          changes[], undone[] { change, outcome, reason, error }
               unfinishedSetup
                          whether a setup has begun and not ended
  --help     this text

Exit code: 0 when everything is undone or left to others, 1 when something could
not be undone or a setup is unfinished, 2 for a wrong command line.

Examples:
  hugepages restore --dry-run
  sudo hugepages restore
`;

/** What `hugepages restore --json` prints. */
export interface RestoreReport {
  readonly entries: readonly RestoredEntry[];
  /** A setup was killed, or still runs: restoring leaves its changes. */
  readonly unfinishedSetup: boolean;
}

export const restore: Command = {
  help: HELP,
  run(args) {
    const { values } = parseArgs({ args, options: { 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } } });
    const unfinishedSetup = isSetupUnfinished();
    const entries = restoreAll({ dryRun: values['dry-run'] === true });
    print({ entries, unfinishedSetup }, values.json, renderRestore);
    return unfinishedSetup || entries.some(({ undone }) => undone.some(({ outcome }) => outcome === 'failed')) ? 1 : 0;
  },
};

const OWNERS = {
  running: ', which still runs and undoes it itself',
  unknown: ', of another PID namespace',
  gone: ', which is gone',
} as const;

export function renderRestore({ entries, unfinishedSetup }: RestoreReport): string[] {
  const lines = [...entries.flatMap(renderEntry), ...(unfinishedSetup ? UNFINISHED_SETUP : [])];
  return lines.length === 0 ? ['Nothing was left to put back'] : lines;
}

const UNFINISHED_SETUP = [
  'A setup has begun and not ended. Unless it still runs, complete it with its plan, or take it back:',
  '  sudo hugepages setup --undo',
];

function renderEntry({ purpose, pid, owner, changes, undone }: RestoredEntry): string[] {
  return [
    heading(`${printable(purpose)} (process ${String(pid)}${OWNERS[owner]})`),
    ...(undone.length > 0
      ? undone.map(({ change, outcome, reason, error }) => {
          const why = reason ?? error?.message;
          const line = `  ${outcome}: ${describe(change)}${why === undefined ? '' : `: ${printable(why)}`}`;
          return outcome === 'failed' ? bad(line) : line;
        })
      : changes.map((change) => `  ${describe(change)}`)),
  ];
}

function describe(change: Change): string {
  switch (change.kind) {
    case 'setting':
      return printable(`${change.path}: ${change.before} → ${change.after}`);
    case 'pool-pages': {
      const where = change.node === undefined ? '' : ` on node ${String(change.node)}`;
      const upTo = change.settled === true ? '' : 'up to ';
      return `${upTo}${counted(change.added, 'page')} of ${formatSize(change.pageSize)} added${where} to ${String(change.before)}`;
    }
  }
}
