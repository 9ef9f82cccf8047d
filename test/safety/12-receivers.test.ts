/**
 * Rule 12: a method knows its receiver by a brand that cannot be copied. The nearest impostor is a Region of a second copy of the
 * library, which has the same shape, the same name and a handle that means something.
 */
import { EventEmitter } from 'node:events';
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

/** The accessors and methods of a class and of those it extends, down to Node's own. */
function membersOf({ prototype }: { prototype: object }): [name: string, member: (...args: unknown[]) => unknown][] {
  const own = Reflect.ownKeys(prototype).flatMap((name): ReturnType<typeof membersOf> => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    const member = (descriptor?.get ?? descriptor?.value) as (...args: unknown[]) => unknown;
    return name === 'constructor' ? [] : [[String(name), member]];
  });
  const parent = Object.getPrototypeOf(prototype) as object;
  return parent === EventEmitter.prototype ? own : [...own, ...membersOf({ prototype: parent })];
}

describe('rule 12: a method of a Region', () => {
  const members = membersOf(Region);

  it.each(Object.keys(IMPOSTORS))('refuses %s', async (impostor) => {
    const receiver = IMPOSTORS[impostor]?.();
    expect(members.length).toBeGreaterThan(15);
    for (const [name, member] of members) {
      const call = async (): Promise<unknown> => await member.call(receiver);
      expect(await rejectionOf(call()), name).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_THIS' });
    }
    expect([foreign.disposed, own.disposed]).toEqual([false, false]);
    expect(foreign.bytes()[0]).toBe(0x5a);
  });
});
