import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeMachine } from '../../../lib/bench/machine.js';
import { temporaryFolder } from '../../support/files.js';

const file = temporaryFolder();

function write(name: string, text: string): void {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), `${text}\n`);
}

it('reads the processor and its caches, and whether a hypervisor is below', () => {
  write('proc/cpuinfo', 'processor\t: 0\nmodel name\t: Some Processor @ 2.00GHz\nflags\t\t: fpu vme hypervisor lahf_lm');
  const caches = [
    ['1', 'Data', '48K'],
    ['1', 'Instruction', '64K'],
    ['2', 'Unified', '2048K'],
    ['3', 'Unified', '480M'],
  ];
  for (const [index, [level = '', type = '', size = '']] of caches.entries()) {
    const folder = `sys/devices/system/cpu/cpu0/cache/index${String(index)}`;
    write(`${folder}/level`, level);
    write(`${folder}/type`, type);
    write(`${folder}/size`, size);
  }
  write('sys/kernel/mm/transparent_hugepage/enabled', 'always [madvise] never');
  expect(describeMachine({ root: file('') })).toMatchObject({
    cpu: 'Some Processor @ 2.00GHz',
    virtual: true,
    caches: [
      { level: 1, bytes: 48 * 1024 },
      { level: 2, bytes: 2 * 2 ** 20 },
      { level: 3, bytes: 480 * 2 ** 20 },
    ],
    thp: { enabled: 'madvise' },
  });
});

it('describes a machine that says nothing', () => {
  mkdirSync(file('empty'), { recursive: true });
  expect(describeMachine({ root: file('empty') })).toMatchObject({ cpu: 'unknown', virtual: false, caches: [], thp: {} });
});
