/** Sets of whole numbers, as the spans between their gaps. */

/** From the least to the most, both included. */
export type Span = readonly [least: number, most: number];

/** Ascending, with gaps between them. */
export type Spans = readonly Span[];

/** How many gaps are kept: each sum multiplies them. */
const MOST_SPANS = 64;

/** What is in any of them. */
export function spansOf(parts: readonly Span[]): Spans {
  const spans: Span[] = [];
  for (const [least, most] of [...parts].sort(([a], [b]) => a - b)) {
    const last = spans.at(-1);
    if (last === undefined || least > last[1] + 1) spans.push([least, most]);
    else spans[spans.length - 1] = [last[0], Math.max(last[1], most)];
  }
  return spans;
}

/** What one of each comes to together; the narrowest gaps count as filled where there are too many. */
export function sumOf(one: Spans, other: Spans): Spans {
  return withoutNarrowGaps(spansOf(one.flatMap(([least, most]) => other.map(([from, to]): Span => [least + from, most + to]))));
}

/** Those of `spans` to which one of `others` adds up to `total`, between the least and the most; undefined where there is none. */
export function reaching(total: number, spans: Spans, others: Spans): Span | undefined {
  const parts = spans.flatMap(([least, most]) =>
    others.flatMap(([from, to]): Span[] => {
      const part: Span = [Math.max(least, total - to), Math.min(most, total - from)];
      return part[0] > part[1] ? [] : [part];
    }),
  );
  return parts.length === 0 ? undefined : hull(parts);
}

/** From the least to the most of all of them. */
export function hull(parts: readonly Span[]): Span {
  return parts.reduce(([least, most], [from, to]) => [Math.min(least, from), Math.max(most, to)]);
}

function withoutNarrowGaps(spans: Spans): Spans {
  if (spans.length <= MOST_SPANS) return spans;
  const gap = (index: number): number => (spans[index]?.[0] ?? 0) - (spans[index - 1]?.[1] ?? 0);
  const narrow = spans
    .map((_, index) => index)
    .slice(1)
    .sort((a, b) => gap(a) - gap(b))
    .slice(0, spans.length - MOST_SPANS);
  const filled = narrow.map((index): Span => [spans[index - 1]?.[0] ?? 0, spans[index]?.[1] ?? 0]);
  return spansOf([...spans, ...filled]);
}
