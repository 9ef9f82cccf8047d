/** Does one thing with memory of one source again and again, until it is killed. */
import { rmSync } from 'node:fs';
import { Region, allocateSync } from 'hugepages';

const { operation, options, sizes, token, socketPath } = JSON.parse(process.argv[2]);

const OPERATIONS = {
  allocate() {
    const region = allocateSync(options);
    region.bytes().fill(1);
    region.dispose();
    allocateSync({ ...options, prefault: false }).dispose();
  },
  persist() {
    allocateSync(options).dispose();
    rmSync(options.path);
  },
  resize() {
    const region = allocateSync(options);
    for (const size of sizes) {
      region.resize(size);
      region.bytes(size - 1).fill(1);
      region.move();
    }
    region.dispose();
  },
  attach() {
    Region.attach(token, { access: 'read' }).dispose();
    const region = Region.attach(token);
    region.bytes().fill(1);
    region.share();
    region.dispose();
  },
  async sendTo() {
    const region = allocateSync(options);
    await region.sendTo(socketPath);
    region.dispose();
  },
  async receive() {
    (await Region.receive(socketPath)).dispose();
  },
};

console.log('running');
for (;;) await OPERATIONS[operation]();
