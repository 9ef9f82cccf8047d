/**
 * Rule 2 where memory gets other addresses: what a pointer that escaped reaches is there all the time, before, during and after, and is
 * never the memory of anybody else.
 */
import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { HAS_SHARED_BUFFERS, NO_SHARED_BUFFERS } from '../support/shared-buffers.js';

const CHILD = new URL('children/resized.mjs', import.meta.url);
const HAS_TRANSFER = 'transfer' in ArrayBuffer.prototype;
const NO_TRANSFER = `[skipped: Node.js ${process.version} has no ArrayBuffer.prototype.transfer]`;

async function run(way: string, backing: string, source: string): Promise<unknown> {
  const { json, ...ended } = await runChild(CHILD, [way, backing, source]);
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  return json;
}

function checkPointers(backing: string, source: string): void {
  const title = `${source} memory on ${backing} pages`;
  if (HAS_TRANSFER) it(`a transferred ArrayBuffer: ${title}`, async () => expect(await run('transfer', backing, source)).toBe(0));
  else it.skip(`a transferred ArrayBuffer: ${title} ${NO_TRANSFER}`);
  if (HAS_SHARED_BUFFERS) {
    it(`a SharedArrayBuffer that a worker writes to: ${title}`, async () => expect(await run('shared buffer', backing, source)).toBe(0));
  } else {
    it.skip(`a SharedArrayBuffer that a worker writes to: ${title} ${NO_SHARED_BUFFERS}`);
  }
  it(`a read under way: ${title}`, async () => expect(await run('pending read', backing, source)).toBe(4096));
}

describe('rule 2: a pointer to memory that was resized', () => {
  checkPointers('base', 'anonymous');
  checkPointers('thp', 'anonymous');
  checkPointers('base', 'memfd');

  const POOL = { pageSize: H, pages: 10 };
  requires({ root: true, pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);
    checkPointers('hugetlb', 'memfd');
  });
});
