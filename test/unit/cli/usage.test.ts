import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/cli/command.js';
import { suggestion, usageMessage } from '../../../lib/cli/usage.js';
import { HugePagesError, invalidArgType, invalidArgValue, outOfRange } from '../../../lib/errors.js';
import { errorOf } from '../../support/thrown.js';

const HELP = 'Usage: hugepages try SIZE [--page-size SIZE] [--backing KIND,...]';

describe('usageMessage', () => {
  it.each<[Error, string]>([
    [new UsageError('one SIZE is needed'), 'one SIZE is needed'],
    [outOfRange('options.pageSize', 'a multiple of 2MiB', 3145728), '--page-size must be a multiple of 2MiB'],
    [outOfRange('--bytes', 'a whole number of bytes >= 2097152 and <= 99', 1), '--bytes must be a whole number of bytes from 2MiB to 99'],
    [invalidArgValue('options.backing[0]', "must be one of 'thp'", 'foo'), "--backing must be one of 'thp'. Received 'foo'"],
    [invalidArgType('options.size', 'of type number', true), 'SIZE must be of type number'],
    [invalidArgValue('--page-size', 'must be a size', 'much'), "--page-size must be a size. Received 'much'"],
    [outOfRange('node', 'a NUMA node of this machine: 0', 3), 'node must be a NUMA node of this machine: 0'],
  ])('speaks of options: %s', (error, message) => {
    expect(usageMessage(error, HELP)).toBe(message);
  });

  it.each([
    [['--pagesize'], "Unknown option '--pagesize': did you mean --page-size?"],
    [['--backing', 'thp'], "Unknown option '--backing' here: another use of the command takes it"],
    [['--colour'], "Unknown option '--colour'"],
    [['-x'], "Unknown option '-x'"],
    [['--page-size', '-1'], "Option '--page-size' argument is ambiguous. Did you forget"],
  ])('tells what parseArgs() says of %j, without its advice for programmers', (args, message) => {
    const error = errorOf(() => parseArgs({ args, options: { 'page-size': { type: 'string' } }, allowPositionals: true }));
    const text = usageMessage(error, HELP);
    expect(text).toContain(message);
    expect(text).not.toContain('To specify a positional argument');
  });

  it.each([new HugePagesError('ERR_HUGEPAGES_BUSY', 'busy'), new TypeError('a mistake'), 'thrown'])('is none of %s', (error) => {
    expect(usageMessage(error, HELP)).toBeUndefined();
  });
});

describe('suggestion', () => {
  it.each([
    ['statsu', 'status'],
    ['statu', 'status'],
    ['sttus', 'status'],
    ['wach', 'watch'],
    ['pol', 'pool'],
    ['wall', undefined],
    ['frobnicate', undefined],
    ['', undefined],
  ])('of %j is %j', (word, nearest) => {
    expect(suggestion(word, ['watch', 'status', 'pool'])).toBe(nearest === undefined ? '' : `: did you mean ${nearest}?`);
  });
});
