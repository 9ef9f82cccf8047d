import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  HugePagesError,
  errnoName,
  illegalConstructor,
  invalidArgType,
  invalidArgValue,
  invalidThis,
  outOfRange,
} from '../../lib/errors.js';

describe('HugePagesError', () => {
  const cause = new Error('below');
  const error = new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', 'Could not map 4MiB', {
    errno: -12,
    syscall: 'mmap',
    details: { size: 4194304 },
    remedy: 'Grow the pool',
    cause,
  });

  it('carries everything it was made of', () => {
    expect(error).toMatchObject({ code: 'ERR_HUGEPAGES_NO_MEMORY', errno: -12, syscall: 'mmap' });
    expect(error).toMatchObject({ details: { size: 4194304 }, remedy: 'Grow the pool' });
    expect(error.cause).toBe(cause);
  });

  it('says the operation, the system call, the error number and the remedy in its message', () => {
    expect(error.message).toBe('Could not map 4MiB: mmap failed with ENOMEM. Grow the pool');
  });

  it('knows what helps against too many open files, whichever call failed', () => {
    const full = { errno: -24, syscall: 'eventfd' };
    expect(new HugePagesError('ERR_HUGEPAGES_SYSTEM', 'Cannot wait', full).remedy).toMatch(/dispose regions[^]*ulimit -n/);
    expect(new HugePagesError('ERR_HUGEPAGES_SYSTEM', 'Cannot wait', { ...full, remedy: 'Wait' }).remedy).toBe('Wait');
  });

  it('goes on with lines of their own', () => {
    const long = new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', 'Nothing', { remedy: 'Grow it', lines: ['a: empty', 'b: off'] });
    expect(long.message).toBe('Nothing. Grow it\n  a: empty\n  b: off');
  });

  it('says no more than it knows', () => {
    const bare = new HugePagesError('ERR_HUGEPAGES_DISPOSED', 'The region is disposed');
    expect(bare.message).toBe('The region is disposed');
    expect(bare).toMatchObject({ errno: undefined, syscall: undefined, remedy: undefined, details: {} });
    expect('cause' in bare).toBe(false);
  });

  it('is an Error by name, brand and stack', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('HugePagesError');
    expect(Object.prototype.toString.call(error)).toBe('[object Error]');
    expect(error.stack).toMatch(/^HugePagesError: Could not map[^]*errors\.test\.ts/);
  });

  it('shows its code and not its name among its properties', () => {
    expect(Object.keys(error)).not.toContain('name');
    expect(inspect(error)).toContain("code: 'ERR_HUGEPAGES_NO_MEMORY'");
  });
});

describe('errnoName', () => {
  it.each([
    [-12, 'ENOMEM'],
    [-14, 'EFAULT'],
    [-133, 'EHWPOISON'],
    [-9999, 'errno 9999'],
  ])('names %i %s', (errno, name) => {
    expect(errnoName(errno)).toBe(name);
  });
});

describe('argument errors', () => {
  it.each([
    ['5', "string '5'"],
    [null, 'null'],
    [undefined, 'undefined'],
    [-1n, 'bigint -1n'],
    [{ a: { b: 1 } }, '[Object]'],
    [new AbortController().signal, '[AbortSignal]'],
    [parseInt, 'function parseInt'],
  ])('show the value that was received: %o', (value, shown) => {
    const error = invalidArgType('size', 'a number', value);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE', message: `The "size" argument must be a number. Received ${shown}` });
  });

  it('say what the value should have been', () => {
    const value = invalidArgValue('mode', "must be 'none'", 'x');
    expect(value).toBeInstanceOf(TypeError);
    expect(value).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE', message: 'The "mode" argument must be \'none\'. Received string \'x\'' });

    const range = outOfRange('offset', '>= 0', -1);
    expect(range).toBeInstanceOf(RangeError);
    const message = 'The value of "offset" is out of range. It must be >= 0. Received number -1';
    expect(range).toMatchObject({ code: 'ERR_OUT_OF_RANGE', message });
  });

  it('say what was called on the wrong thing', () => {
    expect(invalidThis('Region')).toBeInstanceOf(TypeError);
    expect(invalidThis('Region')).toMatchObject({ code: 'ERR_INVALID_THIS', message: 'Value of "this" must be of type Region' });
    const illegal = { code: 'ERR_ILLEGAL_CONSTRUCTOR', message: 'Region cannot be constructed directly: use allocate()' };
    expect(illegalConstructor('Region', 'allocate()')).toMatchObject(illegal);
  });

  it('keep what they show of a value short', () => {
    expect(invalidArgType('size', 'a number', 'x'.repeat(10_000)).message.length).toBeLessThan(200);
    expect(invalidArgType('size', 'a number', new Array(1000).fill('x')).message.length).toBeLessThan(3000);
  });

  it('do not call into the value that they show', () => {
    const trap = { [inspect.custom]: () => expect.unreachable() };
    expect(invalidArgType('size', 'a number', trap)).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  });
});
