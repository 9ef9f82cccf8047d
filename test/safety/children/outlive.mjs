/** Holds regions of every kind, says so, and ends without a hook or a finalizer having run. */
import { writeSync } from 'node:fs';
import { allocateSync } from 'hugepages';

const ending = process.argv[2];
const size = Number(process.argv[3]);

globalThis.kept = ['hugetlb', 'base'].flatMap((kind) =>
  [false, true].map((shared) => {
    const region = allocateSync({ size, backing: [kind], shared });
    return [region, region.buffer()];
  }),
);
setInterval(() => undefined, 1000);
process.on('SIGUSR2', () => {
  if (ending === 'process.exit') process.exit(0);
  if (ending === 'uncaught throw') throw new Error('uncaught');
});
writeSync(1, 'holding\n');
