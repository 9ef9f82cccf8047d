import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setThp } from '../../../lib/host/set-thp.js';
import { errorOf } from '../../support/thrown.js';
import { TWO_NODES } from './fixtures.js';

describe('setThp', () => {
  let root = '';
  const file = (name: string): string => join(root, 'sys/kernel/mm/transparent_hugepage', name);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
    cpSync(TWO_NODES.root, root, { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('writes the words', () => {
    expect(setThp({ enabled: 'never', shmem: 'never' }, { root }).writes).toMatchObject([{ before: 'always', after: 'never' }]);
    expect(readFileSync(file('enabled'), 'utf8')).toBe('never');
  });

  it('says so where the kernel has no such setting, before it writes another', () => {
    rmSync(file('shmem_enabled'));
    expect(errorOf(() => setThp({ enabled: 'never', shmem: 'advise' }, { root }))).toMatchObject({
      code: 'ERR_HUGEPAGES_UNSUPPORTED',
      details: { file: '/sys/kernel/mm/transparent_hugepage/shmem_enabled' },
    });
    expect(readFileSync(file('enabled'), 'utf8')).toMatch(/\[always\]/);
  });

  it('says so where the kernel does not know the word, in a dry run too', () => {
    writeFileSync(file('shmem_enabled'), 'always within_size [never] deny force\n');
    for (const dryRun of [false, true]) {
      expect(errorOf(() => setThp({ enabled: 'never', shmem: 'advise' }, { root, dryRun }))).toMatchObject({
        code: 'ERR_HUGEPAGES_UNSUPPORTED',
        details: { known: ['always', 'within_size', 'never', 'deny', 'force'] },
      });
    }
    expect(readFileSync(file('enabled'), 'utf8')).toMatch(/\[always\]/);
  });

  it('puts back what it wrote when a later setting cannot be written', () => {
    rmSync(file('defrag'));
    // Can be read and not be written, by root either.
    const child = spawn('sleep', ['60'], { argv0: '[madvise] never defer' });
    symlinkSync(`/proc/${String(child.pid)}/cmdline`, file('defrag'));
    try {
      const error = errorOf(() => setThp({ enabled: 'never', defrag: 'never' }, { root }));
      expect(error).toHaveProperty('syscall', expect.any(String));
      expect(readFileSync(file('enabled'), 'utf8')).toBe('always');
    } finally {
      child.kill();
    }
  });
});
