/** `/proc/PID/numa_maps`: where the pages of each mapping are, see `man 7 numa`. */
import type { RootOptions } from '../../host/text.js';
import { KiB } from '../../units.js';
import { readProcessAsync } from './reading.js';
import type { Reading } from './reading.js';

/** One mapping. */
export interface NumaMapping {
  readonly start: bigint;
  /** Its memory policy: `default`, `bind:0-1`, `prefer (many):0`. */
  readonly policy: string;
  /** Of the file; undefined without one. */
  readonly path: string | undefined;
  /** Whether its pages are of a hugetlb pool. */
  readonly hugetlb: boolean;
  /** Bytes: of the pool, or of a base page. Undefined before Linux 3.9, which does not say. */
  readonly pageSize: number | undefined;
  /** Present pages of `pageSize` by node; nodes without any are missing. A transparent huge page counts as its base pages. */
  readonly pages: ReadonlyMap<number, number>;
}

/** The mappings of a process in the order of their addresses. Undefined also where the kernel has no NUMA. */
export function numaMapsOf(pid: number, options: RootOptions = {}): Promise<Reading<NumaMapping[]>> {
  return readProcessAsync(pid, 'numa_maps', options, parseNumaMaps);
}

/** The text of `/proc/PID/numa_maps`. Other lines are left out. */
export function parseNumaMaps(text: string): NumaMapping[] {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

// Names of policies hold blanks; what follows them is one of these words.
const LINE = /^([0-9a-f]+) (.+?)((?: (?:file=[^ ]*|heap|stack|huge|[A-Za-z]\w*=\d+))*) *$/;

function parseLine(line: string): NumaMapping | undefined {
  const [, start, policy = '', rest = ''] = LINE.exec(line) ?? [];
  if (start === undefined) return undefined;
  const words = rest.split(' ');
  const values = new Map(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const pageSize = values.get('kernelpagesize_kB');
  const file = values.get('file');
  return {
    start: BigInt(`0x${start}`),
    policy,
    path: file === undefined ? undefined : unescapeName(file),
    hugetlb: words.includes('huge'),
    pageSize: pageSize === undefined ? undefined : Number(pageSize) * KiB,
    pages: new Map([...values].flatMap(([name, pages]) => (/^N\d+$/.test(name) ? [[Number(name.slice(1)), Number(pages)]] : []))),
  };
}

// Newline, tab, blank and `=` are escaped, and no backslash.
function unescapeName(name: string): string {
  return name.replace(/\\(012|011|040|075)/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
