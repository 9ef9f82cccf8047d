import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLAIMS } from '../../../benchmarks/summary/claims.js';
import { figuresOfReadme } from '../../../benchmarks/summary/tables.js';

const CHECKOUT = new URL('../../../', import.meta.url);
const BENCHMARKS = new URL('benchmarks/', CHECKOUT);

it('the table of figures in the README is that of the claims: node benchmarks/run.mjs --readme writes it', () => {
  const readme = readFileSync(new URL('README.md', CHECKOUT), 'utf8');
  const table = /^## Figures\n[^|]*((?:\|.*\n)*)/m.exec(readme)?.[1]?.trimEnd().split('\n');
  expect(table).toEqual(figuresOfReadme(Object.values(CLAIMS)));
});

it('each claim is shown by a benchmark', () => {
  const sources = readdirSync(BENCHMARKS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('summary/') && !file.includes('node_modules'))
    .map((file) => readFileSync(new URL(file, BENCHMARKS), 'utf8'))
    .join('\n');
  expect(Object.keys(CLAIMS).filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

it.each(Object.entries(CLAIMS))('%s has a range', (_, { low, high }) => {
  expect(low).toBeGreaterThan(0);
  expect(high).toBeGreaterThanOrEqual(low);
});
