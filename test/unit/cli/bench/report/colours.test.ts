import { expect, it } from 'vitest';
import { COLOURS, colourOf } from '../../../../../lib/cli/bench/report/style.js';
import { contrast } from '../../../../support/contrast.js';

it.each(Object.entries(COLOURS))('in %s all is seen on its paper', (_, { paper, text, faint, grid, panel, ...lines }) => {
  for (const colour of Object.values(lines)) expect(contrast(colour, paper)).toBeGreaterThanOrEqual(3);
  for (const ground of [paper, panel]) {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(7);
    expect(contrast(faint, ground)).toBeGreaterThanOrEqual(4.5);
  }
  expect(new Set([grid, ...Object.values(lines)]).size).toBe(8);
});

it('every kind of page has a colour', () => {
  const sizes = [2 ** 16, 2 ** 21, 2 ** 25, 2 ** 30, 2 ** 34];
  const hugetlb = sizes.map((pageSize) => colourOf({ kind: 'hugetlb', pageSize }, sizes));
  expect(hugetlb.slice(0, 4)).toEqual(['var(--hugetlb-1)', 'var(--hugetlb-2)', 'var(--hugetlb-3)', 'var(--hugetlb-4)']);
  expect(hugetlb[4]).toBe(hugetlb[0]);
  expect(colourOf({ kind: 'thp', pageSize: 2 ** 21 }, sizes)).toBe('var(--thp)');
  expect(colourOf(undefined, sizes)).toBe('var(--other)');
});
