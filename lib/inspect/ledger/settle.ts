/** Finds what each claim comes to, from what all of them come to: the pool's counter. */
import type { Claim } from './claims.js';

/** What the claims of a row may come to. */
interface Share<Row> {
  readonly row: Row;
  readonly least: number;
  readonly most: number;
}

export interface Settlement<Row> {
  /** What each row has for certain. */
  readonly reserved: ReadonlyMap<Row, number>;
  /** What is left between rows, each of which may have some of it. */
  readonly undetermined: { readonly pages: number; readonly among: readonly { readonly row: Row; readonly most: number }[] };
  /** What no claim can be. */
  readonly residue: number;
}

/**
 * Where the expected amounts do not come to `total`, those that are not firm make the difference, and where they cannot, all of them. If
 * there is one way to, that is it; otherwise each row gets what it has in every way.
 */
export function settle<Row>(claims: readonly Claim<Row>[], total: number): Settlement<Row> {
  const difference = total - sum(claims.map(({ expected }) => expected));
  const movable = [claims.filter(({ firm }) => !firm), claims]
    .map((some) => some.filter((claim) => room(claim, difference) > 0))
    .find((some) => sum(some.map((claim) => room(claim, difference))) >= Math.abs(difference));
  const moved = new Set(difference === 0 ? [] : movable);
  const reserved = new Map<Row, number>();
  for (const { row, expected } of claims.filter((claim) => !moved.has(claim))) add(reserved, row, expected);
  const shares = byRow([...moved], difference);
  const pool = sum([...moved].map(({ expected }) => expected)) + (moved.size === 0 ? 0 : difference);
  const spread = sum(shares.map(({ most }) => most)) - pool;
  const certain = shares.map((share) => ({ ...share, least: Math.max(share.least, share.most - spread) }));
  for (const { row, least } of certain) add(reserved, row, least);
  const pages = pool - sum(certain.map(({ least }) => least));
  const among = certain.flatMap(({ row, least, most }) => (most > least ? { row, most: Math.min(most - least, pages) } : []));
  return { reserved, undetermined: { pages, among: pages === 0 ? [] : among }, residue: moved.size === 0 ? difference : 0 };
}

/** How far a claim may go in the direction of the difference. */
function room({ expected, least, most }: Claim<unknown>, difference: number): number {
  return difference > 0 ? most - expected : expected - least;
}

function byRow<Row>(claims: readonly Claim<Row>[], difference: number): Share<Row>[] {
  const shares = new Map<Row, Share<Row>>();
  for (const { row, expected, least, most } of claims) {
    const before = shares.get(row) ?? { row, least: 0, most: 0 };
    const [from, to] = difference > 0 ? [expected, most] : [least, expected];
    shares.set(row, { row, least: before.least + from, most: before.most + to });
  }
  return [...shares.values()];
}

function add<Row>(amounts: Map<Row, number>, row: Row, amount: number): void {
  amounts.set(row, (amounts.get(row) ?? 0) + amount);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
