import { readdirSync, statSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deviceName, parseMaps } from '../../../../lib/host/mounts/holders.js';

describe('parseMaps', () => {
  const MAPS = `7f0000000000-7f0000200000 rw-s 00000000 00:27 1201                       /mnt/huge/a b
7f0000200000-7f0000400000 rw-s 00200000 00:27 1201                       /mnt/huge/a b
7f0000400000-7f0000600000 r--p 00000000 00:27 1202                       /mnt/huge/c (deleted)
7f0000600000-7f0000800000 rw-p 00000000 00:2 1203                        /mnt/other
7f0000800000-7f0000a00000 rw-p 00000000 100:27 1204                      /mnt/other
7f0000a00000-7f0000c00000 rw-p 00000000 00:00 0
7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]
`;

  it('finds the files on a device, each once', () => {
    expect(parseMaps(MAPS, '0:39')).toEqual([
      { kind: 'mapped', path: '/mnt/huge/a b', inode: 1201 },
      { kind: 'mapped', path: '/mnt/huge/c (deleted)', inode: 1202 },
    ]);
    expect(parseMaps(MAPS, '0:3')).toEqual([]);
    expect(parseMaps(MAPS, '256:39')).toEqual([expect.objectContaining({ inode: 1204 })]);
  });

  it.each(['\r', '\u2028', '\u2029'])('takes a name with %j for one line, whatever follows it there', (end) => {
    const name = `/mnt/huge/a${end}7f0000000000-7f0000200000 rw-s 00000000 00:27 1 /mnt/huge/b`;
    expect(parseMaps(`7f0000000000-7f0000200000 rw-s 00000000 00:27 1201 ${name}\n`, '0:39')).toEqual([
      { kind: 'mapped', path: name, inode: 1201 },
    ]);
  });
});

describe('deviceName', () => {
  it.each([
    [0x27, '0:39'],
    [0xfe01, '254:1'],
    [0x100027, '0:295'],
    [0xfff00000, '0:1048320'],
  ])('%#x is %s', (dev, name) => {
    expect(deviceName(dev)).toBe(name);
  });

  it('is what mountinfo says of everything that is mounted here and can be reached', () => {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
    const uppermost = new Map(lines.map((text) => text.split(' ')).map(([, , device, , path = '']) => [path, device]));
    const reached = ['/', '/proc', '/sys', '/dev'].filter((path) => uppermost.has(path) && readdirSync(path).length > 0);
    for (const path of reached) expect(deviceName(statSync(path).dev)).toBe(uppermost.get(path));
    expect(reached).not.toEqual([]);
  });
});
