/** A region beside each kind of memory that a program can have instead. */
import { formatSize, GiB, MiB } from '../../lib/units.js';
import { compared, figure } from '../support/measure.js';
import type { Expected, Finding } from '../support/measure.js';
import { DEFAULT_PAGE, withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import type { ClaimName } from '../summary/claims.js';
import { buffer, mmapIo, region, segment, sharedArrayBuffer, unsafeBuffer } from './kinds.js';
import type { Maker } from './kinds.js';
import { use } from './use.js';

/** Bytes, and rounds. */
const SIZES = [
  [64 * MiB, 7],
  [GiB, 5],
] as const;

interface Peer {
  readonly name: string;
  /** What the region is asked for besides its size. */
  readonly options?: string;
  readonly theirs: Maker;
  readonly ours: Maker;
  readonly filled: Expected;
  readonly read: Expected;
  /** Of the filling. */
  readonly claim: ClaimName;
}

const SEGMENT_OF_HUGETLB = 'shm-typed-array with SHM_HUGETLB';

const BASE_PAGES = { filled: { atLeast: 1 }, read: { atLeast: 1 } };
const SAME_PAGES = { filled: {}, read: { notSlower: true } };

const PEERS: readonly Peer[] = [
  { name: 'Buffer.alloc()', theirs: buffer, ours: region(), ...BASE_PAGES, claim: 'fill by Buffer' },
  { name: 'Buffer.allocUnsafe()', theirs: unsafeBuffer, ours: region(), ...BASE_PAGES, claim: 'fill by Buffer' },
  { name: 'SharedArrayBuffer', theirs: sharedArrayBuffer, ours: region({ shared: true }), ...BASE_PAGES, claim: 'fill by Buffer' },
  { name: 'mmap-io with the flags of hugetlb', theirs: mmapIo, ours: region(), ...SAME_PAGES, claim: 'fill by mmap-io' },
  { name: 'shm-typed-array', theirs: segment('600'), ours: region({ source: 'sysv' }), ...BASE_PAGES, claim: 'fill by shm-typed-array' },
  { name: SEGMENT_OF_HUGETLB, theirs: segment('4600'), ours: region({ source: 'sysv' }), ...SAME_PAGES, claim: 'fill by SHM_HUGETLB' },
  // Its pages come as they are filled, each still in the cache from its zeroing: the same for both.
  {
    name: SEGMENT_OF_HUGETLB,
    theirs: segment('4600'),
    options: ', prefault: false',
    ours: region({ source: 'sysv', prefault: false }),
    ...SAME_PAGES,
    claim: 'fill by SHM_HUGETLB',
  },
];

export function besideSections(): Section[] {
  return SIZES.flatMap(([bytes, rounds]) =>
    PEERS.map((peer) => ({
      name: `${peer.name} of ${formatSize(bytes)}${peer.options ?? ''}`,
      // For both: finalizers give the pages of the last round back, in a turn of their own.
      measure: () => withPages(DEFAULT_PAGE, (2 * bytes) / DEFAULT_PAGE, () => beside(peer, bytes, rounds)),
    })),
  );
}

async function beside({ name, options = '', theirs, ours, filled, read, claim }: Peer, bytes: number, rounds: number): Promise<Finding[]> {
  const samples = await inTurn(rounds, { ours: () => use(ours, bytes), theirs: () => use(theirs, bytes) });
  const of = (what: 'filled' | 'read'): Record<'ours' | 'theirs', number[]> => ({
    ours: samples.ours.map((sample) => sample[what]),
    theirs: samples.theirs.map((sample) => sample[what]),
  });
  const [fill, reads] = [`allocate and fill ${formatSize(bytes)}${options}`, `random reads of ${formatSize(bytes)}${options}`];
  return [
    figure(fill, 'ms', of('filled').ours),
    compared(fill, name, of('filled'), { ...filled, claim }),
    figure(reads, 'ns', of('read').ours),
    compared(reads, name, of('read'), read),
  ];
}
