/** Grows a pool again and again, and thinks better of it while the kernel is at it. Says how many growths were done before that. */
import { growPool } from 'hugepages';

const [pageSize, times] = process.argv.slice(2).map(Number);
let done = 0;
for (let time = 0; time < times; time++) {
  const controller = new AbortController();
  const growth = growPool({ pageSize, freePages: 8 + Math.floor(Math.random() * 56) }, { signal: controller.signal });
  setImmediate(() => controller.abort());
  try {
    const { writes } = await growth;
    if (writes.length > 0) done++;
  } catch (error) {
    if (error.code !== 'ABORT_ERR') throw error;
  }
}
console.log(JSON.stringify({ done }));
