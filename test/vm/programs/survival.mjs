/** What becomes of processes whose regions lack a page, or have one that lost its data. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pool, setPool } from 'hugepages';
import { MiB } from './nodes.mjs';

const pageSize = 2 * MiB;

function run(program, ...args) {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return spawnSync(process.execPath, [path, ...args.map(String)], { encoding: 'utf8' });
}

const TOUCH = '../../kernel/region/children/survival/touch.mjs';
const touch = (options) => run(TOUCH, pageSize, 4, JSON.stringify({ reserve: false, ...options }));

test('a page that is not there is degraded, or ends the process', async () => {
  await setPool({ pageSize, pages: 3 });
  const { status, stdout, stderr } = touch({ onExhaustion: 'degrade' });
  assert.equal(status, 0, stderr);
  const { read, degraded, events } = JSON.parse(stdout);
  assert.deepEqual({ read, pages: degraded.pages, offset: events[0].offset }, { read: [1, 2, 3, 4], pages: 1, offset: 3 * pageSize });
  assert.equal(touch({}).signal, 'SIGBUS');
  assert.equal(pool(pageSize).free, 3);
});

test('a memory error ends the process, whatever its region was to survive', async () => {
  await setPool({ pageSize, pages: 3 });
  for (const onExhaustion of ['signal', 'degrade']) {
    const { signal, stdout, stderr } = run('children/memory-error.mjs', pageSize, onExhaustion);
    assert.deepEqual({ signal, stdout }, { signal: 'SIGBUS', stdout: 'offline\n' }, stderr);
  }
});
