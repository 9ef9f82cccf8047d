/**
 * A region as the memory of a virtual machine, and who has its pages while the guest does not need them.
 *
 *     node main.mjs KERNEL INITRD     (qemu-system-x86_64 in PATH; the initrd has busybox, virtio_balloon.ko and init.sh)
 *
 * QEMU maps the region's memfd. The guest reports its free pages (virtio-balloon's free page reporting), and QEMU punches them out of the
 * memory: they go back to the pool. What it does not do is to keep them reserved. The next touch of the guest would then be a SIGBUS that
 * kills QEMU, if somebody else has taken the page meanwhile; reserve() is what prevents that.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { allocate, pool } from 'hugepages';

const MiB = 2 ** 20;
const SIZE = 256 * MiB;

const [kernel, initrd] = process.argv.slice(2);
if (initrd === undefined) throw new Error('usage: node main.mjs KERNEL INITRD');

const region = await allocate({ size: SIZE, backing: ['hugetlb', 'base'], source: 'memfd', name: 'guest' });
const { pid, fd } = region.share().object;
const path = `/proc/${pid}/fd/${fd}`;

/** Bytes of the memory that have pages, whoever touched them: the file knows. */
const populated = () => 512 * statSync(path).blocks;

function report(when) {
  const { total, free, reserved, surplus } = pool(region.pageSize) ?? {};
  const row = total === undefined ? '' : `; pool ${[total, free, reserved, surplus].join('/')}`;
  console.log(`${when}: ${populated() / MiB} MiB have pages${row}`);
}

/** Waits until nothing has been given back for some seconds: the guest reports what was free for two of them. */
async function settled() {
  let before = Infinity;
  while (before !== populated()) {
    before = populated();
    await sleep(5000);
  }
}

const qemu = spawn(
  'qemu-system-x86_64',
  [
    ...['-accel', 'tcg', '-cpu', 'max', '-m', `${SIZE / MiB}M`, '-machine', 'pc,memory-backend=memory'],
    ...['-object', `memory-backend-file,id=memory,size=${SIZE},mem-path=${path},share=on`],
    ...['-device', 'virtio-balloon-pci,free-page-reporting=on'],
    ...['-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0 quiet panic=-1'],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    ...(process.env.QEMU_ARGS ?? '').split(' ').filter(Boolean),
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const ended = once(qemu, 'exit');
process.once('exit', () => qemu.kill('SIGKILL'));
const lines = createInterface({ input: qemu.stdout })[Symbol.asyncIterator]();

/** Waits until the guest has done what it was told. */
async function ready() {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error('QEMU ended');
    if (value.trim() === 'ready') return;
  }
}

async function tell(command) {
  qemu.stdin.write(`${command}\n`);
  if (command !== 'off') await ready();
}

report('the region is populated');
await ready();
await settled();
report('the guest has booted, and its free pages were punched');

await tell('fill 100');
report('the guest uses 100 MiB more');
await tell('drop');
await settled();
report('the guest has freed them');

region.reserve(); // of base pages, which nobody can reserve, nothing
report('what was punched is reserved again');

await tell('off');
const [code, signal] = await ended;
const { freedBytes } = region.discard(0, SIZE);
console.log(`QEMU ended (${code ?? signal}), and its ${freedBytes / MiB} MiB are punched`);
report('the guest is gone');
region.dispose();
