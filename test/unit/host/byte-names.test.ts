/** Names of files that are not valid UTF-8, as strings and back. */
import { describe, expect, it } from 'vitest';
import { nameOf, octal, pathBytes } from '../../../lib/host/byte-names.js';

describe('a name', () => {
  it.each([
    ['valid UTF-8', Buffer.from('ü😀�\n'), 'ü😀�\n'],
    ['a byte that is none', Buffer.from('a\xffb', 'latin1'), 'a\udcffb'],
    ['some of both', Buffer.from('61c3bc80f09f9880ff', 'hex'), 'a\udcc3\udcbc\udc80\udcf0\udc9f\udc98\udc80\udcff'],
    ['a surrogate in UTF-8, which is not allowed', Buffer.from('edb3bf', 'hex'), '\udced\udcb3\udcbf'],
  ])('of %s is the same there and back', (_, bytes, name) => {
    expect(nameOf(bytes)).toBe(name);
    expect(Buffer.from(pathBytes(name))).toEqual(bytes);
  });

  it('is part of a path with others', () => {
    expect(pathBytes('/m/😀\udcff/ü')).toEqual(Buffer.concat([Buffer.from('/m/😀'), Buffer.of(0xff), Buffer.from('/ü')]));
    expect(pathBytes('/m/😀')).toBe('/m/😀');
  });

  it('is written for bash byte by byte', () => {
    expect(octal('\udcff\nü')).toBe('\\377\\012\\303\\274');
  });
});
