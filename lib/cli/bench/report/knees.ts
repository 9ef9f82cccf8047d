/** The knees of a TLB as marks of a chart: those that kinds of pages have at the same place are one. */
import { backingName } from '../../../bench/backing-name.js';
import type { TlbKnee } from '../../../bench/tlb/types.js';
import type { Mark } from './chart.js';

/** On the axis of a chart, what is less far from each other is one place: it is found to 4 %, and differs a little from run to run. */
const SAME = 1.25;

export function kneeMarks(knees: readonly TlbKnee[]): Mark[] {
  const sorted = knees.toSorted((a, b) => a.level - b.level || a.pages - b.pages);
  const groups: TlbKnee[][] = [];
  for (const knee of sorted) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group !== undefined && first?.level === knee.level && knee.pages <= first.pages * SAME) group.push(knee);
    else groups.push([knee]);
  }
  return groups.map((group) => markOf(group, groups.filter(([other]) => other?.level === group[0]?.level).length === 1));
}

/** @param alone - all kinds that have a knee of this level have it here */
function markOf(group: readonly TlbKnee[], alone: boolean): Mark {
  const [least, most] = [group[0]?.pages ?? NaN, group.at(-1)?.pages ?? NaN];
  const pages = least === most ? String(least) : `${String(least)} to ${String(most)}`;
  const kinds = alone ? '' : ` (${group.map(({ backing }) => backingName(backing)).join(', ')})`;
  const x = Math.sqrt(least * most);
  const level = `level ${String(group[0]?.level)}`;
  return { x, short: `${level}: ${String(Math.round(x))}`, label: `TLB ${level}: ${pages} pages${kinds}` };
}
