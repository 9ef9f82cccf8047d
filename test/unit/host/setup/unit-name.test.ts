import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkUnitPath, mountUnitName } from '../../../../lib/host/setup/unit-name.js';
import { requires } from '../../../support/requirements.js';
import { errorOf } from '../../../support/thrown.js';

const BAD_PART = /[/\p{Cc}\\\ud800-\udfff]|^\.{1,2}$|\s$/u;
const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).filter((text) => !BAD_PART.test(text));
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);

describe('mountUnitName', () => {
  it.each([
    ['/dev/hugepages', 'dev-hugepages.mount'],
    ['/mnt/huge pages-1G', 'mnt-huge\\x20pages\\x2d1G.mount'],
    ['/.hidden/.a', '\\x2ehidden-.a.mount'],
    ['/mnt/ä', 'mnt-\\xc3\\xa4.mount'],
  ])('%s', (mountPoint, name) => {
    expect(mountUnitName(mountPoint)).toBe(name);
  });

  requires({ program: 'systemd-escape' }).it('is what systemd-escape says, for any path', () => {
    const paths = fc.sample(path, 200);
    const names = execFileSync('systemd-escape', ['--path', '--suffix=mount', '--', ...paths], { encoding: 'utf8' });
    expect(paths.map(mountUnitName)).toEqual(names.trimEnd().split(' '));
  });
});

describe('checkUnitPath', () => {
  it('takes any path without control characters whose unit can be a file', () => {
    fc.assert(
      fc.property(path, (mountPoint) => {
        fc.pre(mountUnitName(mountPoint).length <= 255);
        expect(checkUnitPath(mountPoint, 'path')).toBe(mountPoint);
      }),
    );
  });

  it.each(['', '/', 'mnt', '/mnt/', '//mnt', '/mnt/../etc', '/./mnt', '/a\nOptions=x', '/a\\', '/a ', '/a\0b', `/${'-'.repeat(70)}`])(
    'refuses %j',
    (mountPoint) => {
      expect(errorOf(() => checkUnitPath(mountPoint, 'path'))).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
    },
  );
});
