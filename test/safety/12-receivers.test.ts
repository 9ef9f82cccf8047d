/**
 * Rule 12: a method knows its receiver by a brand that cannot be copied. The nearest impostor is a Region of a second copy of the
 * library, which has the same shape, the same name and a handle that means something.
 */
import { afterAll, describe, expect, it } from 'vitest';
import * as built from 'hugepages';
import { Region, allocateSync } from '../../lib/index.js';
import { BASE_PAGE } from '../support/page-sizes.js';
import { rejectionOf } from '../support/thrown.js';

const foreign = built.allocateSync({ size: BASE_PAGE, backing: ['base'] });
foreign.bytes().fill(0x5a);
const disguised = built.allocateSync({ size: BASE_PAGE, backing: ['base'] });
const own = allocateSync({ size: BASE_PAGE, backing: ['base'] });

afterAll(() => {
  built.Region.prototype.dispose.call(disguised);
  foreign.dispose();
  own.dispose();
});

const IMPOSTORS: Record<string, () => unknown> = {
  'a Region of another copy of the library': () => foreign,
  'the same with our prototype': () => Object.setPrototypeOf(disguised, Region.prototype) as unknown,
  'an object that inherits from a Region': () => Object.create(own) as unknown,
  'an object with all properties of a Region': () => Object.create(Region.prototype, Object.getOwnPropertyDescriptors(own)) as unknown,
  'a Proxy of a Region': () => new Proxy(own, {}),
};

describe('rule 12: a method of a Region', () => {
  const members = Reflect.ownKeys(Region.prototype).filter((name) => name !== 'constructor');

  it.each(Object.keys(IMPOSTORS))('refuses %s', async (impostor) => {
    const receiver = IMPOSTORS[impostor]?.();
    expect(members.length).toBeGreaterThan(15);
    for (const name of members) {
      const descriptor = Object.getOwnPropertyDescriptor(Region.prototype, name);
      const member = (descriptor?.get ?? descriptor?.value) as (...args: unknown[]) => unknown;
      const call = async (): Promise<unknown> => await member.call(receiver);
      expect(await rejectionOf(call()), String(name)).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_THIS' });
    }
    expect([foreign.disposed, own.disposed]).toEqual([false, false]);
    expect(foreign.bytes()[0]).toBe(0x5a);
  });
});
