/** Random arrangements of processes, and the rows that the ledger must have for them. */
import fc from 'fast-check';
import type { LedgerRow } from '../../../lib/index.js';

/** One process. */
export interface Plan {
  /** For the program `arrangement.c`; `#` is what no other process has in a name. */
  readonly actions: string;
  readonly pageSize: number;
  /** A row each, as {@link summary} writes it; `%` is the process, `child` another. */
  readonly rows: readonly string[];
  /** Whether the kernel does not say what is reserved for it: `rows` have a `?` there. */
  readonly isDoubtful: boolean;
}

/** `memfd 2+1 open 4711` for a row of two used and one reserved page. Processes that are not `known` are children. */
export function summary({ kind, used, reserved, holders }: LedgerRow, known: ReadonlySet<number>): string {
  const who = holders.map(({ pid, uses }) => `${uses.join('-')} ${known.has(pid) ? String(pid) : 'child'}`).sort();
  return [`${kind} ${String(used)}+${String(reserved)}`, ...who].join(' ');
}

const states = {
  memfd: { mapped: 'mapped %', open: 'open %' },
  file: { mapped: 'mapped %', open: 'open %', unlinked: 'open %', left: '' },
  segment: { attached: 'mapped %', left: '' },
} as const;

/** A gigantic page takes long to be zeroed: most of them are only reserved. */
const GIGANTIC = 2 ** 30;

/** Plans of pages of one size, up to `most` of them. `directory` is where files can be made. */
export function plans(pageSize: number, most: number, directory: () => string): fc.Arbitrary<Plan> {
  const shift = String(Math.log2(pageSize));
  const plan = (actions: string, rows: string[], isDoubtful = false): Plan => {
    const shown = rows.filter((row) => !row.includes(' 0+0 ')).map((row) => row.trim());
    return { actions, pageSize, rows: shown, isDoubtful };
  };
  const row = (kind: string, used: number, reserved: number | '?', who: string): string => {
    return `${kind} ${String(used)}+${String(reserved)} ${who}`;
  };
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
  return fc.oneof(
    ...objects,
    made((pages) => plan(simple('private', pages, 0), [row('private', 0, pages, 'mapped %')])),
    made((pages, touched) => plan(simple('private', pages, touched), [row('private', touched, pages - touched, 'mapped %')])),
    made((pages, touched) => plan(simple('noreserve', pages, touched), [row('private', touched, 0, 'mapped %')])),
    made((pages, touched) => plan(simple('shared', pages, touched), [row('anonymous', touched, pages - touched, 'mapped %')])),
    made((pages, touched, few) =>
      plan(`${simple('private', pages, touched)} fork write,${String(few)}`, [
        row('private', few, pages - touched, 'mapped %'),
        row('private', touched - few, 0, 'mapped % mapped child'),
        row('private', few, 0, 'mapped child'),
      ]),
    ),
    made((pages, touched, few) =>
      plan(`${simple('private', pages, touched)} drop,${String(few)}`, [row('private', touched - few, pages - touched + few, 'mapped %')]),
    ),
    made((pages, touched, few) =>
      plan(`${simple('shared', pages, touched)} punch,${String(few)}`, [row('anonymous', touched - few, '?', 'mapped %')], true),
    ),
    made((pages, touched) => plan(`${simple('private', pages, touched)} orphan`, [row('private', touched, '?', 'mapped child')], true)),
  );
}
