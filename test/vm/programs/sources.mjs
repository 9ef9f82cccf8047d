/** Every source, by kernel: what it takes, what it leaves, and what is shared between two processes. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { allocateSync, mount, pool, setPool, unmount } from 'hugepages';

const pageSize = 2 ** 21;
const path = '/mnt/huge';

await setPool({ pageSize, pages: 8 });
mkdirSync(path, { recursive: true });
await mount({ path, pageSize });

/** @returns `total/free/reserved/surplus` */
function row() {
  const { total, free, reserved, surplus } = pool(pageSize);
  return [total, free, reserved, surplus].join('/');
}

function segments() {
  return readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n').length - 1;
}

const allocated = (options) => allocateSync({ size: 4 * pageSize, backing: ['hugetlb'], ...options });

for (const options of [{ source: 'memfd' }, { source: 'file' }, { source: 'file', path: `${path}/named` }, { source: 'sysv' }]) {
  test(`goes with its last holder: ${JSON.stringify(options)}`, () => {
    const region = allocated(options);
    assert.equal(region.backing.kind, 'hugetlb');
    assert.equal(row(), '8/4/0/0');
    assert.deepEqual(readdirSync(path), []);
    region.dispose();
    assert.equal(row(), '8/8/0/0');
    assert.equal(segments(), 0);
  });

  test(`another process sees it: ${JSON.stringify(options)}`, () => {
    const region = allocated(options);
    const other = `
      import { Region } from 'hugepages';
      const region = Region.attach(JSON.parse(process.argv[1]));
      region.bytes()[pageSize] += 1;
      region.dispose();
    `.replace('pageSize', String(pageSize));
    region.bytes()[pageSize] = 41;
    execFileSync(process.execPath, ['--input-type=module', '-e', other, JSON.stringify(region.share())], { cwd: import.meta.dirname });
    assert.equal(region.bytes()[pageSize], 42);
    region.dispose();
    assert.equal(row(), '8/8/0/0');
  });
}

for (const options of [
  { source: 'file', path: `${path}/kept` },
  { source: 'sysv', key: 0x4711 },
]) {
  test(`stays where it is persistent: ${options.source}`, () => {
    const made = allocated({ ...options, persistent: true });
    made.bytes()[0] = 42;
    made.dispose();
    assert.equal(row(), '8/4/0/0');
    assert.throws(() => allocated({ ...options, persistent: true }), { code: 'ERR_HUGEPAGES_EXISTS' });
    const adopted = allocated({ ...options, persistent: true, existing: 'adopt' });
    assert.equal(adopted.bytes()[0], 42);
    execFileSync(options.source === 'file' ? 'rm' : 'ipcrm', options.source === 'file' ? [options.path] : ['-M', String(options.key)]);
    adopted.dispose();
    assert.equal(row(), '8/8/0/0');
  });
}

test('a token of what is gone leads nowhere', () => {
  const region = allocated({ source: 'memfd' });
  const token = JSON.stringify(region.share());
  region.dispose();
  const other = `
    import { Region } from 'hugepages';
    try { Region.attach(JSON.parse(process.argv[1])) } catch ({ code }) { console.log(code) }
  `;
  const options = { cwd: import.meta.dirname, encoding: 'utf8' };
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', other, token], options), 'ERR_HUGEPAGES_TOKEN\n');
});

test.after(() => unmount(path));
