/** Which kinds of pages some sizes are measured on. */
import { expect, it } from 'vitest';
import { wholeBackings } from '../../../lib/bench/eligible.js';
import { Session, parsePlan } from '../../../lib/bench/session.js';
import type { BenchBacking } from '../../../lib/index.js';

const MiB = 2 ** 20;
const BASE: BenchBacking = { kind: 'base', pageSize: 4096 };
const HUGE: BenchBacking = { kind: 'hugetlb', pageSize: 2 * MiB };

function session(): Session {
  return new Session('share', parsePlan({}, [], 1)[0]);
}

it('kinds whose pages are larger than all of them are left out, and noted', () => {
  const noting = session();
  expect(wholeBackings([BASE, HUGE], [0, MiB], noting)).toEqual([BASE]);
  expect(noting.result({}, []).notes).toContainEqual(expect.stringContaining('hugetlb 2MiB: not measured, 1MiB are no whole pages'));
});

it('no size is measured on none, and nothing more is said', () => {
  const noting = session();
  const before = noting.result({}, []).notes;
  expect(wholeBackings([BASE, HUGE], [], noting)).toEqual([]);
  expect(noting.result({}, []).notes).toEqual(before);
});
