/** Memory of DPDK, which one thread maps and populates page by page, each a memfd of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pools } from 'hugepages';
import { GiB } from '../../lib/units.js';
import type { Finding } from '../support/measure.js';
import { NativeProgram } from '../support/native-program.js';
import { compiled } from '../support/native.js';
import { withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { NotInstalled } from '../support/unavailable.js';
import { CPUS, kindsOfMemory } from './memory.js';
import { beside, nameOf } from './peer-memory.js';
import type { PeerMemory, Task } from './peer-memory.js';

/** No device, no file on a hugetlbfs mount, and nothing that others could attach to. */
const OPTIONS = ['--in-memory', '--no-pci', '--no-telemetry', '--iova-mode=va', '--log-level=error', '-l', '0'];

/** One as it starts was enough in most runs, and not in all. */
const OWN_PAGES = 8;

export function dpdkSections(): Section[] {
  const hugetlb = kindsOfMemory().filter(({ backing }) => backing === 'hugetlb');
  return hugetlb.map((memory) => {
    const task = { memory, size: GiB, source: 'memfd' as const, threads: [...new Set([1, CPUS])] };
    return { name: `${nameOf(task, 1)}, by DPDK`, measure: () => besideDpdk(task) };
  });
}

/** With the few pages that it takes for itself: of the smallest, as it has no other memory. */
function besideDpdk(task: Task): Promise<Finding[]> {
  const { memory, size } = task;
  const smallest = Math.min(...pools().map(({ pageSize }) => pageSize));
  const pages = memory.pageSize === smallest ? size / smallest : 0;
  return withPages(smallest, pages + OWN_PAGES, () => beside(dpdkMemory, task, { atLeast: 1, claim: 'memory by DPDK' }));
}

function dpdkMemory(): Promise<PeerMemory> {
  const { version, flags } = library();
  // It makes a directory of its own in there, and leaves it.
  const directory = mkdtempSync(path.join(os.tmpdir(), 'hugepages-dpdk-'));
  const program = new NativeProgram(compiled('dpdk', flags), OPTIONS, { env: { ...process.env, RUNTIME_DIRECTORY: directory } });
  return Promise.resolve({
    name: `DPDK ${version}`,
    pid: program.pid,
    take: async ({ pageSize }, size) => (await program.ask(`take ${String(pageSize)} ${String(size)}`)) / 1e6,
    give: () => program.ask('give'),
    stop: async () => {
      await program.stop();
      rmSync(directory, { recursive: true });
    },
  });
}

function library(): { version: string; flags: string[] } {
  const ask = (...about: string[]): string => execFileSync('pkg-config', [...about, 'libdpdk'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return { version: ask('--modversion'), flags: ask('--cflags', '--libs').split(/\s+/) };
  } catch (error) {
    throw new NotInstalled('DPDK', 'apt-get install -y --no-install-recommends libdpdk-dev pkg-config', { cause: error });
  }
}
