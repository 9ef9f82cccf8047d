/**
 * A region beside the Buffer of a Node.js whose malloc(3) takes huge pages, by a tunable of glibc since 2.35. That is for all of a process:
 * what it takes besides is measured as well.
 */
import { formatSize, GiB, MiB } from '../../lib/units.js';
import { compared, figure } from '../support/measure.js';
import type { Finding, Sides } from '../support/measure.js';
import { DEFAULT_PAGE, withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { Unavailable } from '../support/unavailable.js';
import type { ClaimName } from '../summary/claims.js';
import { Child } from './child.js';
import type { Held } from './child.js';

/** Bytes, and rounds. */
const SIZES = [
  [64 * MiB, 7],
  [GiB, 5],
] as const;

const TUNABLES = { hugetlb: 'glibc.malloc.hugetlb=2', thp: 'glibc.malloc.hugetlb=1' } as const;

type Kind = keyof typeof TUNABLES;

const CLAIMS: Readonly<Record<Kind, { filled?: ClaimName; returned?: ClaimName }>> = {
  hugetlb: { filled: 'fill by malloc', returned: 'back by malloc' },
  thp: {},
};

const LAZY = { hugetlb: 'hugetlb, prefault: false', thp: 'thp, prefault: false' } as const;

/** What malloc(3) takes besides: for its own arenas, and for its alignment. */
const BESIDES = 256 * MiB;

export function mallocSections(): Section[] {
  return (Object.keys(TUNABLES) as Kind[]).flatMap((kind) =>
    SIZES.map(([bytes, rounds]) => ({
      name: `${TUNABLES[kind]}, ${formatSize(bytes)}`,
      measure: () => withPages(DEFAULT_PAGE, (2 * bytes + BESIDES) / DEFAULT_PAGE, () => beside(kind, bytes, rounds)),
    })),
  );
}

async function beside(kind: Kind, bytes: number, rounds: number): Promise<Finding[]> {
  const plain = new Child('');
  const tuned = new Child(TUNABLES[kind]);
  try {
    const { ours, lazy, theirs } = await inTurn(rounds, {
      ours: () => plain.use(kind, bytes),
      lazy: () => plain.use(LAZY[kind], bytes),
      theirs: () => tuned.use('malloc', bytes),
    });
    for (const sample of theirs) check(sample, kind, bytes);
    const of = (what: 'filled' | 'read' | 'returned', region = ours): Sides => ({
      ours: region.map((sample) => sample[what]),
      theirs: theirs.map((sample) => sample[what]),
    });
    const what = `${formatSize(bytes)}, ${kind}`;
    const { filled, returned } = CLAIMS[kind];
    const peer = `malloc, ${TUNABLES[kind]}`;
    return [
      figure(`allocate and fill ${what}`, 'ms', of('filled').ours),
      compared(`allocate and fill ${what}`, peer, of('filled'), { claim: filled }),
      // As malloc(3) does: pages come as they are filled, each still in the cache from its zeroing.
      figure(`allocate and fill ${what}, prefault: false`, 'ms', of('filled', lazy).ours),
      compared(`allocate and fill ${what}, prefault: false`, peer, of('filled', lazy), { claim: filled }),
      figure(`random reads of ${what}`, 'ns', of('read').ours),
      compared(`random reads of ${what}`, peer, of('read'), { notSlower: true }),
      figure(`give ${what} back`, 'ms', of('returned').ours),
      compared(`give ${what} back`, `gc() and ${peer}`, of('returned'), { claim: returned }),
      figure(`pages for ${what}: region`, 'MiB', ours.map(({ held, idle }) => (held[kind] - idle[kind]) / MiB)),
      figure(`pages for ${what}: ${peer}`, 'MiB', theirs.map(({ held, idle }) => (held[kind] - idle[kind]) / MiB)),
      figure(`pages of the process besides: ${peer}`, 'MiB', theirs.map(({ idle }) => idle[kind] / MiB)),
    ];
  } finally {
    await Promise.all([plain.stop(), tuned.stop()]);
  }
}

/** That it is on such pages, but for what is not aligned at its ends. */
function check({ held, idle }: Held, kind: Kind, bytes: number): void {
  const found = held[kind] - idle[kind];
  if (found >= bytes - 4 * MiB) return;
  throw new Unavailable(`with GLIBC_TUNABLES=${TUNABLES[kind]} ${formatSize(found)} of ${formatSize(bytes)} are on such pages`);
}
