/** Grows a pool again and again, and thinks better of it while the kernel is at it. */
import { growPool } from 'hugepages';

const [pageSize, times] = process.argv.slice(2).map(Number);
for (let time = 0; time < times; time++) {
  const controller = new AbortController();
  const growth = growPool({ pageSize, freePages: 8 + Math.floor(Math.random() * 56) }, { signal: controller.signal });
  setImmediate(() => controller.abort());
  await growth.catch((error) => {
    if (error.code !== 'ABORT_ERR') throw error;
  });
}
