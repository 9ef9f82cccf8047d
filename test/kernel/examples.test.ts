/** Every example runs to its end on this machine as it is, and leaves the pools alone. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { startChild } from '../support/child.js';
import { allCounters } from '../support/pool.js';

const EXAMPLES = new URL('../../examples/', import.meta.url);
/** In the checkout, where the package's own name leads to dist/. */
const COMPILED = new URL('../../build/examples/', import.meta.url);

/** Node.js 22.18 and newer run TypeScript as it is. */
const runsTypeScript = 'typescript' in process.features && process.features.typescript !== false;

async function programOf(name: string): Promise<URL> {
  const source = new URL(name, EXAMPLES);
  if (name.endsWith('.mjs') || runsTypeScript) return source;
  const program = new URL(name.replace(/\.ts$/, '.mjs'), COMPILED);
  const output = { file: fileURLToPath(program), format: 'esm' } as const;
  await build({ input: fileURLToPath(source), platform: 'node', external: ['hugepages'], logLevel: 'warn', output });
  return program;
}

describe('examples', () => {
  it.each(readdirSync(EXAMPLES).filter((name) => /\.(mjs|ts)$/.test(name)))('%s', async (name) => {
    const before = allCounters();
    const { result } = startChild(await programOf(name));
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(allCounters()).toEqual(before);
  });
});
