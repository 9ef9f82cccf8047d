import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPageCounts, holdsPages, pagesWithoutOurs } from '../../../../lib/host/setup/page-counts.js';
import { parsePageCounts, withForgottenNodes } from '../../../../lib/host/setup/page-counts.js';

const without = (now: string, before: string, ...ours: string[]): string =>
  formatPageCounts(pagesWithoutOurs(parsePageCounts(now), parsePageCounts(before), ours.map(parsePageCounts)));

describe('page counts', () => {
  it('read back what they wrote', () => {
    const counts = fc.dictionary(fc.nat(9).map(String), fc.nat(), { minKeys: 1 });
    fc.assert(
      fc.property(counts, (byNode) => {
        const map = new Map(Object.entries(byNode).map(([node, pages]) => [Number(node), pages]));
        expect(parsePageCounts(formatPageCounts(map))).toEqual(map);
      }),
    );
    expect(parsePageCounts('7')).toEqual(new Map([[undefined, 7]]));
  });

  it.each([
    ['0:3,1:1', '4', true],
    ['0:3,1:1', '5', false],
    ['0:3,1:1', '1:1', true],
    ['0:3,1:1', '0:3,1:2', false],
    ['4', '4', true],
  ])('%s holds %s: %s', (now, wanted, holds) => {
    expect(holdsPages(parsePageCounts(now), parsePageCounts(wanted))).toBe(holds);
  });
});

describe('pagesWithoutOurs', () => {
  it.each([
    ['all of ours', '0:5,1:5', '0:3,1:1', ['10'], '0:3,1:1'],
    ['what a killed run got', '0:3,1:2', '0:3,1:1', ['10'], '0:3,1:1'],
    ['ours and not what others added', '0:7,1:6', '0:3,1:1', ['10'], '7'],
    ['nothing below the first', '0:1,1:1', '0:3,1:1', ['10'], '2'],
    ['one node and not the other', '0:8,1:9', '0:3,1:1', ['0:8'], '0:3'],
    ['what was taken away', '0:0,1:1', '0:3,1:1', ['0:0'], '0:3'],
    ['what a replaced plan got', '0:6', '0:0', ['8', '2'], '0:0'],
  ])('takes back %s', (_, now, before, ours, target) => {
    expect(without(now, before, ...ours)).toBe(target);
  });

  it('returns to the first count from wherever a run was cut off, and keeps what others add', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.array(fc.nat(100), { minLength: 1 }), fc.nat(100), fc.nat(100), (before, ours, share, others) => {
        const [low, high] = [Math.min(before, ...ours), Math.max(before, ...ours)];
        const cutOff = low + Math.round(((high - low) * share) / 100);
        expect(without(String(cutOff), String(before), ...ours.map(String))).toBe(String(before));
        expect(without(String(high + others), String(before), ...ours.map(String))).toBe(String(before + others));
      }),
    );
  });
});

it('nodes that a new plan no longer names go back to their first count', () => {
  const [first, all] = [parsePageCounts('0:3,1:1'), parsePageCounts('10')];
  expect(formatPageCounts(withForgottenNodes(parsePageCounts('1:4'), first, [all]))).toBe('0:3,1:4');
  expect(formatPageCounts(withForgottenNodes(parsePageCounts('1:4'), first, [parsePageCounts('1:2')]))).toBe('1:4');
  expect(formatPageCounts(withForgottenNodes(all, first, [first]))).toBe('10');
});
