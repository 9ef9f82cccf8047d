/** The text of mountinfo: acceptance case 11, and trees of mounts against a model that follows every path. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMountinfo } from '../../../../lib/host/mounts/mountinfo.js';
import { parseMounts } from '../../../../lib/host/mounts/mounts.js';
import { MiB } from '../../../../lib/units.js';

/** A path or an option as the kernel writes it. */
function escape(text: string): string {
  return text.replace(/[ \t\n\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function line(id: number, parent: number, mountPoint: string, rest: string): string {
  return `${String(id)} ${String(parent)} 0:${String(id)} / ${escape(mountPoint)} rw,relatime ${rest}`;
}

const visible = (text: string): string[] => parseMounts(text).flatMap(({ hidden, mountPoint }) => (hidden ? [] : mountPoint));

describe('thousands of mounts', () => {
  const layers = Array.from({ length: 60 }, (_, i) => `/var/lib/layers/${String(i).padStart(64, '0')}/fs`).join(':');
  const overlay = (id: number): string =>
    line(id, 1, `/run/${String(id)}/merged`, `shared:${String(id)} - overlay overlay rw,lowerdir=${layers},upperdir=/hugetlbfs,workdir=/w`);
  const lines = Array.from({ length: 2000 }, (_, i) => overlay(100 + i));
  lines.unshift('1 0 254:1 / / rw,relatime - ext4 /dev/vda1 rw');
  lines.splice(1500, 0, line(7, 1, '/mnt/huge pages\t\\\n#1', 'shared:1 master:2 - hugetlbfs none rw,pagesize=2M,min_size=4194304'));

  it('among overlays of long lines the one of hugetlbfs is found, by its unescaped name', () => {
    const expected = { id: 7, mountPoint: '/mnt/huge pages\t\\\n#1', pageSize: 2 * MiB, minSize: 4 * MiB, size: undefined, hidden: false };
    expect(parseMounts(lines.join('\n'))).toEqual([expect.objectContaining(expected)]);
  });

  it('all of hugetlbfs are listed in order', () => {
    const many = Array.from({ length: 2000 }, (_, i) => line(10 + i, 1, `/h/${String(i)}`, '- hugetlbfs none rw,pagesize=1024M'));
    expect(parseMounts(many.join('\n')).map(({ id }) => id)).toEqual(many.map((_, i) => 10 + i));
  });
});

describe('mounts above others', () => {
  const root = '1 0 254:1 / / rw - ext4 /dev/vda1 rw';
  const h = '- hugetlbfs none rw,pagesize=2M';
  const t = '- tmpfs none rw';

  it.each([
    ['on the same directory', [root, line(2, 1, '/h', h), line(3, 2, '/h', t)], []],
    ['of hugetlbfs both', [root, line(2, 1, '/h', h), line(3, 2, '/h', h)], ['/h']],
    ['in whatever order', [root, line(9, 5, '/h', h), line(5, 1, '/h', h)], ['/h']],
    ['on a directory above', [root, line(2, 1, '/a/h', h), line(3, 1, '/a', t)], []],
    ['on a directory above, earlier', [root, line(2, 1, '/a', t), line(3, 2, '/a/h', h)], ['/a/h']],
    ['on the mount that it lies on', [root, line(2, 1, '/a', t), line(3, 2, '/a/h', h), line(4, 2, '/a', t)], []],
    ['on the root', [root, line(2, 1, '/h', h), line(3, 1, '/', t)], []],
    ['beside, with a name that begins alike', [root, line(2, 1, '/a/hh', h), line(3, 1, '/a/h', t)], ['/a/hh']],
    ['on a root that is its own parent', [root.replace('1 0', '1 1'), line(2, 1, '/h', h)], ['/h']],
    ['in a root directory whose mount is not listed', [line(2, 40, '/h', h), line(3, 40, '/t', t)], ['/h']],
    ['in a circle that no kernel writes', [line(2, 3, '/a', h), line(3, 2, '/b', h)], ['/a', '/b']],
  ])('%s', (_, lines, expected) => {
    expect(visible(lines.join('\n'))).toEqual(expected);
  });

  // Mounts are made one after the other as mount(2) does: on what the path leads to at that moment.
  it('are known as a walk along the path knows them', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'h h', 'ä\t'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(names, { maxLength: 12 }), fc.integer(), (paths, seed) => {
        const tree = [{ id: 1, parent: 0, path: '/' }];
        for (const parts of paths) {
          const path = `/${parts.join('/')}`;
          tree.push({ id: tree.length + 1, parent: walk(tree, path), path });
        }
        const lines = tree.map(({ id, parent, path }) => line(id, parent, path, '- hugetlbfs none rw'));
        const rotated = [...lines.slice(seed % lines.length), ...lines.slice(0, seed % lines.length)];
        const expected = tree.filter(({ id, path }) => walk(tree, path) === id).map(({ id }) => id);
        const found = parseMounts(rotated.join('\n')).flatMap(({ id, hidden }) => (hidden ? [] : id));
        expect(found.sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});

/** The mount that a path leads to, one directory after the other. */
function walk(tree: readonly { id: number; parent: number; path: string }[], path: string): number {
  const parts = path.split('/').filter((part) => part !== '');
  let current = 0;
  for (let depth = 0; depth <= parts.length; depth++) {
    const directory = `/${parts.slice(0, depth).join('/')}`;
    const next = (): number | undefined => tree.find((mount) => mount.parent === current && mount.path === directory)?.id;
    for (let above = next(); above !== undefined; above = next()) current = above;
  }
  return current;
}

describe('any text', () => {
  it('is read back as it was written', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !/[\r\u2028\u2029\0]/.test(name));
    fc.assert(
      fc.property(text, text, text, fc.nat(), fc.array(fc.constantFrom('shared:3', 'master:1')), (path, root, source, id, tags) => {
        const before = [String(id), '1', '0:42', escape(`/${root}`), escape(`/${path}`), 'ro,nosuid', ...tags];
        expect(parseMountinfo([...before, '-', 'hugetlbfs', escape(source), 'rw'].join(' '))).toEqual([
          {
            ...{ id, parent: 1, device: '0:42', root: `/${root}`, mountPoint: `/${path}`, source, type: 'hugetlbfs' },
            ...{ options: ['ro', 'nosuid'], superOptions: ['rw'] },
          },
        ]);
      }),
    );
  });

  it('never throws', () => {
    const words = fc.constantFrom(' ', '-', '\n', '1', '2', '/', '/a', 'hugetlbfs', 'size=', 'mode=9', '\\0', '\\040', ',');
    const texts = fc.tuple(fc.array(words, { maxLength: 80 }), fc.constantFrom('', ' ')).map(([list, between]) => list.join(between));
    fc.assert(fc.property(texts, (text) => void parseMounts(text)));
  });
});
