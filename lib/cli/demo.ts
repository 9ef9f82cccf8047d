/** `hugepages demo`: shows huge pages at work on this machine, and leaves it as it was. */
import { parseArgs } from 'node:util';
import type { Region } from '../index.js';
import type { Command } from './command.js';
import { compareWithStart } from './demo/aftermath.js';
import type { Aftermath } from './demo/aftermath.js';
import { allocateRegion } from './demo/allocation.js';
import type { Allocation } from './demo/allocation.js';
import { compareWithBuffer } from './demo/compare.js';
import type { Comparison } from './demo/compare.js';
import { checkFile } from './demo/file.js';
import type { FileCheck } from './demo/file.js';
import { growPool } from './demo/grow.js';
import type { Growth } from './demo/grow.js';
import { Interrupt, pause } from './interrupt.js';
import { lookAround } from './demo/machine.js';
import type { Machine } from './demo/machine.js';
import type { PoolLoan } from '../host/pools/loan.js';
import { proveBacking } from './demo/proof.js';
import type { Proof } from './demo/proof.js';
import { checkFits, defaultDemoSize, parseDemoSize } from './demo/size.js';
import { loudStage, silentStage } from './demo/stage.js';
import type { Stage } from './demo/stage.js';

const HELP = `Usage: hugepages demo [--size SIZE] [--json]

Allocates memory on huge pages, proves from the kernel's own files what it got,
reads a file into it, compares it with an ordinary Buffer, and gives all back.
As root it grows the default pool by what is missing there, and puts that back
at the end, also after ^C. Otherwise it takes transparent huge pages, and says
why.

Options:
  --size SIZE  2MiB or more, on Node.js 20 up to 4GiB; by default 256MiB to
               1GiB, by available memory
  --json       one JSON object at the end instead of the story; sizes are bytes:
                 size, machine, growth, allocation, proof, file, comparison,
                 aftermath, interrupted (the signal, if one came)
               What did not come about, because of a signal, is missing.
  --help       this text

Exit code: 0 when everything was proved and given back, 1 when something failed,
2 for a wrong command line, 129, 130, 131, 143 after SIGHUP, SIGINT, SIGQUIT,
SIGTERM.

Examples:
  hugepages demo
  hugepages demo --size 64MiB --json | jq .allocation.backing
`;

/** What `hugepages demo --json` prints. */
export interface DemoReport {
  size: number;
  machine: Machine;
  growth?: Growth;
  allocation?: Allocation;
  proof?: Proof;
  file?: FileCheck;
  comparison?: Comparison;
  aftermath?: Aftermath;
  interrupted?: NodeJS.Signals;
}

export const demo: Command = {
  help: HELP,
  async run(args) {
    const { values } = parseArgs({ args, options: { size: { type: 'string' }, json: { type: 'boolean' } } });
    const size = values.size === undefined ? undefined : parseDemoSize(values.size);
    const interrupt = new Interrupt();
    const stage = values.json === true ? silentStage(interrupt.signal) : loudStage(interrupt.signal);
    try {
      const report = await tell(size, interrupt, stage);
      if (values.json === true) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
      return interrupt.exitCode ?? (report.proof?.confirmed === true && report.file?.equal === true ? 0 : 1);
    } finally {
      interrupt.stop();
    }
  },
};

async function tell(askedSize: number | undefined, interrupt: Interrupt, stage: Stage): Promise<DemoReport> {
  const machine = lookAround(stage);
  const snapshot = machine.pools.find(({ isDefault }) => isDefault);
  const pageSize = snapshot?.pageSize ?? 1;
  const size = Math.ceil((askedSize ?? defaultDemoSize(machine.availableMemory)) / pageSize) * pageSize;
  checkFits(size, machine.availableMemory, snapshot === undefined ? 0 : (snapshot.free - snapshot.reserved) * snapshot.pageSize);

  const report: DemoReport = { size, machine };
  let region: Region | undefined;
  let loan: PoolLoan | undefined;
  const putBack = (): void => {
    region?.dispose();
    loan?.giveBack();
  };
  // For every end that unwinds no stack: an uncaught error, or standard output that is closed.
  process.once('exit', putBack);
  try {
    ({ growth: report.growth, loan } = growPool(snapshot, size, stage));
    await pause(stage.signal);
    ({ region, allocation: report.allocation } = await allocateRegion(size, stage));
    report.proof = proveBacking(region, stage);
    report.file = await checkFile(region, stage);
    report.comparison = await compareWithBuffer(region, report.allocation.milliseconds, stage);
  } catch (error) {
    if (interrupt.received === undefined) throw error;
    report.interrupted = interrupt.received;
    stage.say('', `Interrupted by ${interrupt.received}: putting everything back`);
  } finally {
    putBack();
    process.off('exit', putBack);
    report.aftermath = compareWithStart(snapshot, stage);
  }
  return report;
}
