/** Listeners: what one throws is an uncaught exception, and none keeps the process alive. */
import { allocateSync } from 'hugepages';

const [pageSize, throws] = [Number(process.argv[2]), process.argv[3] === 'throws'];
const region = allocateSync({ size: pageSize, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' });
const alive = throws ? setTimeout(() => process.exit(1), 30_000) : undefined;
process.on('uncaughtException', ({ message }) => {
  console.log(JSON.stringify({ message }));
  clearTimeout(alive);
});
process.on('exit', () => region.dispose());
region.on('degraded', () => {
  throw new Error('from the listener');
});
if (throws) region.bytes()[0] = 1;
