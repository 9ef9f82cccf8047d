/** share() and attach() in one thread: what a token is, and which tokens are refused. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Region, allocateSync } from '../../../lib/index.js';
import type { RegionToken } from '../../../lib/index.js';
import { checked } from '../../../lib/region/token.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

const REFUSED = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_TOKEN' };

describe('a token', () => {
  it('attaches after JSON and structured clone', () => {
    using region = allocateSync({ size: H, backing: ['base'] });
    region.bytes().write('here');
    const token = region.share();
    expect(token).toMatchObject({ type: 'hugepages.region', version: 1, id: region.id, byteLength: H, pageSize: region.pageSize });
    for (const copy of [token, structuredClone(token), JSON.parse(JSON.stringify(token)) as RegionToken]) {
      using attached = Region.attach(copy);
      expect(attached).toMatchObject({ id: region.id, address: region.address, byteLength: H, pageSize: region.pageSize, attempts: [] });
      expect(attached.bytes(0, 4).toString()).toBe('here');
      expect(attached.backing).toEqual(region.backing);
    }
  });

  it('is not what JSON makes of the region, which is for logs', () => {
    using region = allocateSync({ size: H, backing: ['base'] });
    const { id, byteLength, pageSize } = region;
    const facts = { id, source: 'anonymous', byteLength, pageSize, shared: false, disposed: false };
    expect(JSON.parse(JSON.stringify({ region }))).toEqual({ region: facts });
    region.dispose();
    expect(region.toJSON()).toEqual({ ...facts, disposed: true });
  });

  it('tells nobody where the memory is', () => {
    using region = allocateSync({ size: H, backing: ['base'] });
    const text = JSON.stringify(region.share());
    for (const radix of [10, 16]) expect(text).not.toContain(region.address.toString(radix));
  });

  it('has the id that its region keeps, for every holder, when it is disposed as well', () => {
    const region = allocateSync({ size: H, backing: ['base'] });
    const token = region.share();
    const second = Region.attach(token);
    region.dispose();
    second.dispose();
    expect([region.id, second.id]).toEqual([token.id, token.id]);
  });

  it('cannot be made of an id that is first asked for when the region is disposed', () => {
    const region = allocateSync({ size: H, backing: ['base'] });
    using other = allocateSync({ size: H, backing: ['base'] });
    region.dispose();
    expect(region.id).toMatch(/^\d+-[0-9a-f]{32}$/);
    expect(region.toJSON().id).toBe(region.id);
    const token = other.share();
    expect(token.id).not.toBe(region.id);
    expect(errorOf(() => Region.attach(checked({ ...token, id: region.id })))).toMatchObject(REFUSED);
  });

  it('is stale when the last holder has disposed', () => {
    const region = allocateSync({ size: H, backing: ['base'] });
    const token = region.share();
    const second = Region.attach(token);
    region.dispose();
    Region.attach(token).dispose();
    second.dispose();
    expect(errorOf(() => Region.attach(token))).toMatchObject(REFUSED);
    using next = allocateSync({ size: H, backing: ['base'] });
    expect(next.id).not.toBe(token.id);
    expect(errorOf(() => Region.attach(token))).toMatchObject(REFUSED);
  });

  it('of another process is refused', () => {
    const program = fileURLToPath(new URL('children/print-token.mjs', import.meta.url));
    const token = execFileSync(process.execPath, [program], { encoding: 'utf8' });
    expect(errorOf(() => Region.attach(JSON.parse(token) as RegionToken))).toMatchObject(REFUSED);
  });

  it('that was altered is refused, in each of its fields', () => {
    using region = allocateSync({ size: 2 * H, backing: ['base'] });
    const token = region.share();
    const [key = ''] = token.id.split('-');
    const altered: Partial<Record<keyof RegionToken, unknown>>[] = [
      { process: token.process.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
      { process: '' },
      { id: '' },
      { id: key },
      { id: `${key}-` },
      { id: token.id.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) },
      { id: `${token.id} ` },
      { id: `${token.id}\0` },
      { id: `0${token.id}` },
      { id: '9'.repeat(1000) },
      { byteLength: 4 * H },
      { byteLength: H },
      { pageSize: H },
    ];
    for (const change of altered) {
      expect(errorOf(() => Region.attach({ ...token, ...change } as RegionToken)), JSON.stringify(change)).toMatchObject(REFUSED);
    }
    // None of the refusals took a hold: the region ends with its one holder.
    region.dispose();
    expect(errorOf(() => Region.attach(token))).toMatchObject(REFUSED);
  });

  it.each([
    undefined,
    null,
    'token',
    1,
    [],
    {},
    { id: 'x' },
    { type: 'hugepages.region' },
    { type: 'hugepages.region', version: 2 },
    { type: 'hugepages.region', version: 1, process: 1, id: '1', byteLength: 1, pageSize: 1 },
    { type: 'hugepages.region', version: 1, process: 'x', id: 1, byteLength: 1, pageSize: 1 },
    { type: 'hugepages.region', version: 1, process: 'x', id: '1', byteLength: NaN, pageSize: 1 },
    { type: 'hugepages.region', version: 1, process: 'x', id: '1', byteLength: 1, pageSize: -1 },
    { type: 'hugepages.region', version: 1, process: 'x', id: '1', byteLength: 1, pageSize: 1, extra: 1 },
  ])('is not %j', (value) => {
    const error = errorOf(() => Region.attach(value as unknown as RegionToken));
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_(INVALID_ARG_TYPE|INVALID_ARG_VALUE|OUT_OF_RANGE)$/) as string });
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
  });

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('of hugetlb pages', () => {
    withPool(POOL);

    it('keeps them for as long as one holder has not disposed', () => {
      const before = allCounters();
      const region = allocateSync({ size: 4 * H, backing: ['hugetlb'] });
      const others = Array.from({ length: 5 }, () => Region.attach(region.share()));
      region.bytes().fill(0x5a);
      region.dispose();
      for (const [i, other] of others.entries()) {
        expect(other.bytes().equals(Buffer.alloc(4 * H, 0x5a)), `holder ${String(i)}`).toBe(true);
        expect(delta(before)).toEqual({ [H]: { free: -4 } });
        other.dispose();
      }
      expect(delta(before)).toEqual({});
    });
  });
});
