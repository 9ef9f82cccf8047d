/** Wrong arguments of pagemap(). */
import { expect, it } from 'vitest';
import { pagemap } from '../../../lib/index.js';
import type { AddressRange, PageMapOptions } from '../../../lib/index.js';
import { native } from '../../../lib/native.js';
import { BAD_NUMBERS, NONSENSE, NOT_BOOLEANS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { BASE_PAGE } from '../../support/page-sizes.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const me = process.pid;
const PAGE = BigInt(BASE_PAGE);

it('a pid is a whole number from 1 to 2^22', async () => {
  for (const pid of [...BAD_NUMBERS, 0, -0, 2 ** 22 + 1, 2 ** 31, ...NOT_NUMBERS]) {
    expectArgumentError(await rejectionOf(pagemap(pid as number)), pid);
  }
  await expect(pagemap(0)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
});

it('a range has two addresses, in this order, of whole base pages', async () => {
  const wrong: [unknown, string][] = [
    [{ start: 2n * PAGE, end: PAGE }, 'ERR_OUT_OF_RANGE'],
    [{ start: 1n, end: PAGE }, 'ERR_OUT_OF_RANGE'],
    [{ start: 0n, end: PAGE + 1n }, 'ERR_OUT_OF_RANGE'],
    [{ start: -PAGE, end: PAGE }, 'ERR_OUT_OF_RANGE'],
    [{ start: 0n, end: 2n ** 56n + PAGE }, 'ERR_OUT_OF_RANGE'],
    [{ start: 0n, end: 2n ** 64n }, 'ERR_OUT_OF_RANGE'],
    [{ start: 0, end: BASE_PAGE }, 'ERR_INVALID_ARG_TYPE'],
    [{ start: 0n }, 'ERR_INVALID_ARG_TYPE'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    ['0-1000', 'ERR_INVALID_ARG_TYPE'],
  ];
  for (const [range, code] of wrong) await expect(pagemap(me, range as AddressRange)).rejects.toMatchObject({ code });
  for (const range of NONSENSE) expectArgumentError(await rejectionOf(pagemap(me, range as AddressRange)), range);
});

it('options are those that there are', async () => {
  for (const options of NONSENSE.filter(isNoObject)) {
    expectArgumentError(await rejectionOf(pagemap(me, undefined, options as PageMapOptions)), options);
  }
  for (const frames of NOT_BOOLEANS) {
    expectArgumentError(await rejectionOf(pagemap(me, undefined, { frames: frames as boolean })), frames);
  }
  await expect(pagemap(me, undefined, { frame: true } as PageMapOptions)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  await expect(pagemap(me, undefined, { signal: {} as AbortSignal })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
});

it('the addon checks lists of ranges and of frames', () => {
  const entries: [number, number, unknown, string][] = [
    [0, BASE_PAGE, BigUint64Array.of(), 'pid'],
    [me, BASE_PAGE / 2, BigUint64Array.of(), 'pageSize'],
    [me, 3 * BASE_PAGE, BigUint64Array.of(), 'pageSize'],
    [me, BASE_PAGE, BigUint64Array.of(PAGE), 'ranges'],
    [me, BASE_PAGE, BigUint64Array.of(2n * PAGE, PAGE), 'ranges'],
    [me, 2 * BASE_PAGE, BigUint64Array.of(PAGE, 2n * PAGE), 'ranges'],
    [me, BASE_PAGE, BigUint64Array.of(0n, 2n ** 40n), 'ranges'],
    [me, BASE_PAGE, BigUint64Array.of(2n ** 63n, 2n ** 63n + PAGE), 'ranges'],
    [me, BASE_PAGE, Float64Array.of(0, 4096), 'ranges'],
  ];
  for (const [pid, pageSize, ranges, name] of entries) {
    const error = errorOf(() => native.pageEntriesSync(pid, pageSize, ranges as BigUint64Array));
    expectArgumentError(error, ranges);
    expect((error as Error).message).toContain(`"${name}`);
  }
  const wrong = [...[-1, 0.5, NaN, 2 ** 53].map((frame) => Float64Array.of(frame)), BigUint64Array.of(1n), [1]];
  for (const frames of wrong) {
    expectArgumentError(errorOf(() => native.frameValuesSync(0, frames as Float64Array)), frames);
  }
  for (const file of [-1, 3, 0.5, '0']) expectArgumentError(errorOf(() => native.frameValuesSync(file as number, Float64Array.of())), file);
});
