import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOURS } from '../../../../lib/cli/map/svg-style.js';
import { renderSvg, SVG_ROOM } from '../../../../lib/cli/map/svg.js';
import type { AddressSpace, AddressSpaceMapping } from '../../../../lib/inspect/address-space/address-space.js';
import { inTurn } from '../../../../lib/inspect/address-space/in-turn.js';
import type { PageShare } from '../../../../lib/inspect/address-space/pages.js';
import { KiB, MiB } from '../../../../lib/units.js';
import { contrast } from '../../../support/contrast.js';
import { requires } from '../../../support/requirements.js';
import { pictureOf } from '../../../support/spans.js';

function space(command: string, path: string): AddressSpace {
  const pages: readonly PageShare[] = [
    { kind: 'hugetlb', pageSize: 2 * MiB, bytes: 4 * MiB },
    { kind: 'base', pageSize: 4 * KiB, bytes: 512 * KiB },
    { kind: 'hugetlb-absent', pageSize: 2 * MiB, bytes: 1536 * KiB },
  ];
  const start = 0x7f0000000000n;
  const mapping = { start, end: start + BigInt(6 * MiB), path, pages } as unknown as AddressSpaceMapping;
  return { pid: 42, command, hasAddressSpace: true, mappingCount: 7, mappings: [mapping], totals: {}, pages };
}

function svgOf(command: string, path: string): string {
  const drawn = space(command, path);
  return renderSvg(drawn, pictureOf(drawn.mappings.flatMap((mapping) => [...inTurn(mapping)]), SVG_ROOM));
}

describe('renderSvg', () => {
  it('says what it shows to those who do not see it', () => {
    const svg = svgOf('node', '/huge');
    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).toContain('<title id="title">Address space of process 42 (node)</title>');
    expect(svg).toContain('2MiB hugetlb 4MiB, base pages 512KiB, hugetlb without a page 1.5MiB.</desc>');
    expect(svg).toContain('1 of 7 mappings, 2MiB to a cell');
  });

  it('fills each cell by what its memory is', () => {
    const cells = svgOf('node', '/huge').match(/<g>[^]*?<\/g>/g) ?? [];
    expect(cells).toHaveLength(3);
    expect(cells[0]).toContain('<title>7f0000000000\n2MiB hugetlb 2MiB\n/huge</title>');
    expect(cells[2]).toMatch(/class="base".* height="3"\/><rect class="hugetlb-absent".* height="9"\/>/);
  });

  requires({ program: 'python3' }).it('is XML, whatever the names are', () => {
    const names = fc.sample(fc.string({ unit: 'binary' }), { numRuns: 30, seed: 1 });
    const hostile = ['<&>"\'', ']]>', '\u0000\u001b\ufffe\uffff', '\ud800', '😀', '--><script>', ...names];
    const documents = hostile.map((name) => svgOf(name, name));
    const parse = 'import sys, json, xml.etree.ElementTree as tree\nfor text in json.load(sys.stdin): tree.fromstring(text.encode())';
    const { status, stderr } = spawnSync('python3', ['-c', parse], { input: JSON.stringify(documents), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has colours that stand out from light paper and from dark', () => {
    const classes = svgOf('node', '/huge').match(/(?<=class=")[\w-]+/g) ?? [];
    for (const scheme of Object.values(COLOURS)) {
      for (const name of new Set(classes)) expect([...Object.keys(scheme), 'heading', 'address']).toContain(name);
      const { paper, text, cell, absent, 'hugetlb-absent': promised, ...present } = scheme;
      for (const colour of Object.values(present)) expect(contrast(colour, paper)).toBeGreaterThanOrEqual(3);
      expect(contrast(text, paper)).toBeGreaterThanOrEqual(7);
      expect(new Set([cell, absent, promised, ...Object.values(present)]).size).toBe(10);
    }
  });
});
