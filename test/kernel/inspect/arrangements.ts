/** Random arrangements of processes, and the rows that the ledger must have for them. */
import fc from 'fast-check';
import { keepsReservations, kernelVersion } from '../../../lib/host/kernel-version.js';
import type { LedgerRow } from '../../../lib/index.js';

/** A row that there must be. */
export interface PlannedRow {
  readonly kind: string;
  readonly used: number;
  /** Undefined where chance decides. */
  readonly reserved: number | undefined;
  /** The holders, as {@link holdersOf} writes them; `%` is the process, `child` another. */
  readonly who: string;
}

/** One process. */
export interface Plan {
  /** For the program `arrangement.c`; `#` is what no other process has in a name. */
  readonly actions: string;
  readonly pageSize: number;
  readonly rows: readonly PlannedRow[];
}

/** Processes that are not `known` are children. */
export function holdersOf({ holders }: LedgerRow, known: ReadonlySet<number>): string {
  const who = holders.map(({ pid, uses }) => `${uses.join('-')} ${known.has(pid) ? String(pid) : 'child'}`);
  return who.sort().join(' ');
}

/** `memfd 2+1 open 4711` for a row of two used and one reserved page. */
export function summary(row: LedgerRow, known: ReadonlySet<number>): string {
  return `${row.kind} ${String(row.used)}+${String(row.reserved)} ${holdersOf(row, known)}`.trim();
}

const states = {
  memfd: { mapped: 'mapped %', open: 'open %' },
  file: { mapped: 'mapped %', open: 'open %', unlinked: 'open %', left: '' },
  segment: { attached: 'mapped %', left: '' },
} as const;

/** A gigantic page takes long to be zeroed: most of them are only reserved. */
const GIGANTIC = 2 ** 30;

type Plans = Readonly<Record<'certain' | 'doubtful', readonly fc.Arbitrary<Plan>[]>>;

/**
 * Plans of pages of one size, up to `most` of them. `directory` is where files can be made. Of those that are `doubtful` the kernel does
 * not say what is reserved for them.
 */
export function plans(pageSize: number, most: number, directory: () => string): Plans {
  const shift = String(Math.log2(pageSize));
  const plan = (actions: string, rows: PlannedRow[]): Plan => ({ actions, pageSize, rows });
  const row = (kind: string, used: number, reserved: number | undefined, who: string): PlannedRow => ({ kind, used, reserved, who });
  const owed = (pages: number): number => (keepsReservations(kernelVersion({})) ? 0 - pages : 0);
  const some = (pages: number): fc.Arbitrary<number> => {
    const any = fc.nat(pages);
    return pageSize < GIGANTIC ? any : fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: any });
  };
  const sizes = fc.integer({ min: 1, max: most }).chain((pages) => fc.tuple(fc.constant(pages), some(pages), fc.nat(pages)));
  const made = (make: (pages: number, touched: number, few: number) => Plan): fc.Arbitrary<Plan> =>
    sizes.map(([pages, touched, few]) => make(pages, touched, Math.min(few, touched)));
  const objects = Object.entries(states).flatMap(([name, kinds]) =>
    Object.entries(kinds).map(([state, who]) =>
      made((pages, touched) => {
        const path = name === 'file' ? `${directory()}/#` : '';
        const kind = name === 'segment' ? 'sysv' : name;
        const actions = [name, shift, pages, touched, state, path].map(String).join();
        return plan(actions, [row(kind, touched, pages - touched, who)]);
      }),
    ),
  );
  const simple = (name: string, pages: number, touched: number): string => [name, shift, pages, touched].map(String).join();
  const inherited = [
    made((pages, touched, few) =>
      plan(`${simple('private', pages, touched)} fork write,${String(few)}`, [
        row('private', few, pages - touched, 'mapped %'),
        row('private', touched - few, 0, 'mapped % mapped child'),
        row('private', few, 0, 'mapped child'),
      ]),
    ),
    made((pages, touched, few) =>
      plan(`${simple('noreserve', pages, touched)} fork write,${String(few)}`, [
        row('private', few, 0, 'mapped %'),
        row('private', touched - few, 0, 'mapped % mapped child'),
        row('private', few, 0, 'mapped child'),
      ]),
    ),
    // Servers fork, and their children map for themselves.
    made((pages, touched, few) =>
      plan(`${simple('private', pages, touched)} fork ${simple('private', pages, few)}`, [
        row('private', 0, pages - touched, 'mapped %'),
        row('private', touched, 0, 'mapped % mapped child'),
        row('private', few, pages - few, 'mapped child'),
      ]),
    ),
    made((pages, touched) => plan(`${simple('noreserve', pages, touched)} orphan`, [row('private', touched, 0, 'mapped child')])),
  ];
  const orphaned = [
    made((pages, touched) =>
      plan(`${simple('private', pages, touched)} orphan`, [row('private', touched, owed(touched), 'mapped child')]),
    ),
    // Whether the parent has ended when the child writes decides about its pages.
    made((pages, touched, few) =>
      plan(`${simple('private', pages, touched)} orphan write,${String(few)}`, [row('private', touched, undefined, 'mapped child')]),
    ),
  ];
  // Linux 6.18 at times gives a child of fork(2) no page of 1 GiB, where its parent has one.
  const forks = pageSize < GIGANTIC;
  const certain = [
    ...objects,
    ...(forks ? inherited : []),
    made((pages) => plan(simple('private', pages, 0), [row('private', 0, pages, 'mapped %')])),
    made((pages, touched) => plan(simple('private', pages, touched), [row('private', touched, pages - touched, 'mapped %')])),
    made((pages, touched) => plan(simple('noreserve', pages, touched), [row('private', touched, 0, 'mapped %')])),
    made((pages, touched) => plan(simple('shared', pages, touched), [row('anonymous', touched, pages - touched, 'mapped %')])),
    made((pages, touched, few) =>
      plan(`${simple('private', pages, touched)} drop,${String(few)}`, [row('private', touched - few, pages - touched + few, 'mapped %')]),
    ),
    made((pages, touched) => plan(`exec ${simple('private', pages, touched)}`, [row('private', touched, pages - touched, 'mapped %')])),
    made((pages, touched, few) => {
      const path = `${directory()}/#`;
      const copy = ['copy', shift, pages, few, '', path].map(String).join();
      return plan(`${simple('file', pages, touched)},mapped,${path} ${copy}`, [
        row('file', touched, pages - touched, 'mapped %'),
        row('private', few, pages - few, 'mapped %'),
      ]);
    }),
  ];
  const doubtful = [
    ...(forks ? orphaned : []),
    made((pages, touched, few) =>
      plan(`${simple('shared', pages, touched)} punch,${String(few)}`, [row('anonymous', touched - few, pages - touched, 'mapped %')]),
    ),
  ];
  return { certain, doubtful };
}
