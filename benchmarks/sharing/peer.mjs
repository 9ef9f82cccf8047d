/** The other process of a benchmark: takes regions and answers, as it is told over IPC. */
import { performance } from 'node:perf_hooks';
import { Region } from 'hugepages';

const OPERATIONS = {
  attach: (token) => Region.attach(token).dispose(),
  receive: async (path) => (await Region.receive(path)).dispose(),
  answer: async (token, turns, how) => {
    const region = Region.attach(token);
    const words = region.view(Int32Array);
    for (let turn = 1; turn <= turns; turn++) {
      while (Atomics.load(words, 0) !== turn) {
        if (how === 'wait') await region.wait(0, turn - 1);
        else region.waitSync(0, turn - 1);
      }
      Atomics.store(words, 16, turn);
      region.notify(64, 1);
    }
    region.dispose();
  },
};

process.on('message', async ([operation, ...args]) => {
  // One that listens cannot say so in time.
  if (operation !== 'attach') process.send('begun');
  const start = performance.now();
  await OPERATIONS[operation](...args);
  process.send(performance.now() - start);
});
