/** Uses memory in a Node.js of its own, whose malloc(3) may have another setting than this one's. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collect, collectGarbage } from '../support/buffer.js';
import { LineProgram } from '../support/line-program.js';
import { inCheckout } from '../support/root.js';
import { buffer, region } from './kinds.js';
import { useOnce } from './use.js';
import type { Used } from './use.js';

const MAKERS = {
  hugetlb: region(),
  'hugetlb, prefault: false': region({ prefault: false }),
  thp: region({ backing: ['thp'] }),
  'thp, prefault: false': region({ backing: ['thp'], prefault: false }),
  malloc: buffer,
};

/** Bytes on huge pages of a process. */
interface HugeBytes {
  readonly hugetlb: number;
  readonly thp: number;
}

export interface Held extends Used {
  /** Before. */
  readonly idle: HugeBytes;
  /** With the memory. */
  readonly held: HugeBytes;
  /** Milliseconds from dispose(), or a collection of garbage that is asked for, until the kernel has the pages back. */
  readonly returned: number;
}

export class Child extends LineProgram {
  /** @param tunables - for glibc */
  constructor(tunables: string) {
    const program = `import { serve } from ${JSON.stringify(inCheckout('build/benchmarks/buffers.js'))}; await serve();`;
    super(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, GLIBC_TUNABLES: tunables } });
  }

  async use(maker: keyof typeof MAKERS, bytes: number): Promise<Held> {
    const answer = await this.answer(JSON.stringify([maker, bytes]));
    if (answer === undefined) throw new Error(`The child that was to use ${maker} is gone`);
    return JSON.parse(answer) as Held;
  }
}

/** What the child does. */
export async function serve(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [maker, bytes] = JSON.parse(line) as [keyof typeof MAKERS, number];
    console.log(JSON.stringify(await hold(maker, bytes)));
  }
}

async function hold(maker: keyof typeof MAKERS, bytes: number): Promise<Held> {
  await collectGarbage(); // not while something is timed
  const idle = hugeBytes();
  let held = idle;
  const { letGo, ...used } = await useOnce(MAKERS[maker], bytes, () => {
    held = hugeBytes();
  });
  if (maker === 'malloc') collect();
  // V8 frees what it has collected on a thread of its own.
  for (let now = hugeBytes(); now.hugetlb + now.thp > idle.hugetlb + idle.thp + bytes / 2; now = hugeBytes()) await nextTurn();
  return { ...used, idle, held, returned: performance.now() - letGo };
}

function hugeBytes(): HugeBytes {
  const text = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const bytes = (field: string): number => Number(new RegExp(`^${field}: +(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { hugetlb: bytes('Private_Hugetlb'), thp: bytes('AnonHugePages') };
}
