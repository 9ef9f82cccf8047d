/** Finds what each claim comes to, from what all of them come to: the pool's counter. */
import { likeliest } from './claims.js';
import type { Claim } from './claims.js';
import { hull, reaching, spansOf, sumOf } from './spans.js';
import type { Span, Spans } from './spans.js';

/** What a row may have besides what is certain: from `least`, 0 or below, to `most`, 0 or above. */
export interface Candidate<Row> {
  readonly row: Row;
  readonly least: number;
  readonly most: number;
}

export interface Settlement<Row> {
  /** What each row has for certain: of what is possible, that which is next to 0. */
  readonly reserved: ReadonlyMap<Row, number>;
  /** What is left between rows, each of which may have some of it. */
  readonly undetermined: { readonly pages: number; readonly among: readonly Candidate<Row>[] };
  /** What no claim can be. */
  readonly residue: number;
}

/**
 * Where what is usual cannot come to `total`, the claims that are not firm make the difference, and where they cannot, all of them. If
 * there is one way to, that is it; otherwise each row gets what it has in every way.
 */
export function settle<Row>(claims: readonly Claim<Row>[], total: number): Settlement<Row> {
  const [from, to] = hull(claims.reduce((sum, { usual }) => sumOf(sum, spansOf(usual)), NOTHING));
  // Where it takes more than is usual, nothing is less than usual, and the other way round.
  const widened = ({ usual, least, most }: Claim<Row>): Span[] => {
    const [usualLeast, usualMost] = hull(usual);
    return [[total > to ? usualLeast : least, total < from ? usualMost : most]];
  };
  const ways = [
    ({ usual }: Claim<Row>) => usual,
    (claim: Claim<Row>) => (claim.firm ? claim.usual : widened(claim)),
    widened,
  ];
  const way = ways.find((spans) => canBe(claims, spans, total));
  if (way === ways[0]) return solve(claims, blurred(claims), total);
  if (way !== undefined) return solve(claims, way, total);
  const alone = claims.map((claim): Claim<Row> => ({ ...claim, usual: [[likeliest(claim), likeliest(claim)]] }));
  const reached = sum(alone.map(likeliest));
  return { ...solve(alone, ({ usual }) => usual, reached), residue: total - reached };
}

type PartsOf<Row> = (claim: Claim<Row>) => readonly Span[];

const NOTHING: Spans = [[0, 0]];

function canBe<Row>(claims: readonly Claim<Row>[], partsOf: PartsOf<Row>, total: number): boolean {
  const whole = claims.reduce((sum, claim) => sumOf(sum, spansOf(partsOf(claim))), NOTHING);
  return whole.some(([least, most]) => least <= total && total <= most);
}

/** A claim that is a range would make up for whatever was done besides, up to its width, so that the total says nothing about that. */
function blurred<Row>(claims: readonly Claim<Row>[]): PartsOf<Row> {
  const open = claims.filter(({ firm }) => !firm);
  const slack = sum(open.map(({ usual }) => Math.max(...usual.map(([least, most]) => most - least))));
  return ({ usual, least, most, firm }) => {
    if (firm) return usual;
    return usual.map(([from, to]) => [Math.max(least, from - slack), Math.min(most, to + slack)]);
  };
}

/** What the rows have, which can come to the total. */
function solve<Row>(claims: readonly Claim<Row>[], partsOf: PartsOf<Row>, total: number): Settlement<Row> {
  const all = [...byRow(claims, partsOf)];
  // Of the rows before each, and of those behind it.
  const before = sums(all.map(([, spans]) => spans));
  const behind = sums(all.map(([, spans]) => spans).reverse()).reverse();
  const found = all.map(([row, spans], index) => {
    const [least, most] = hull(spans);
    if (least === most) return { row, certain: least, least: 0, most: 0 };
    const others = sumOf(before[index] ?? NOTHING, behind[index + 1] ?? NOTHING);
    const [from, to] = reaching(total, spans, others) ?? [least, most];
    const certain = Math.max(from, Math.min(to, 0));
    return { row, certain, least: from - certain, most: to - certain };
  });
  const among = found.flatMap(({ row, least, most }) => (least < most ? { row, least, most } : []));
  const pages = total - sum(found.map(({ certain }) => certain));
  return { reserved: new Map(found.map(({ row, certain }) => [row, certain])), undetermined: { pages, among }, residue: 0 };
}

function byRow<Row>(claims: readonly Claim<Row>[], partsOf: PartsOf<Row>): Map<Row, Spans> {
  const rows = new Map<Row, Spans>();
  for (const claim of claims) rows.set(claim.row, sumOf(rows.get(claim.row) ?? NOTHING, spansOf(partsOf(claim))));
  return rows;
}

/** Of none, of the first, of the first two, and so on. */
function sums(parts: readonly Spans[]): Spans[] {
  const found = [NOTHING];
  for (const [index, spans] of parts.entries()) found.push(sumOf(found[index] ?? NOTHING, spans));
  return found;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
