/** cache.mjs exit: ends with a region in a cache. cache.mjs hold BYTES: holds hugetlb pages until it is killed. */
import { RegionCache, allocateSync } from 'hugepages';

const [mode, bytes] = process.argv.slice(2);
if (mode === 'exit') {
  const cache = new RegionCache({ maxBytes: '1MiB' });
  await cache.release(await cache.acquire({ size: '64KiB', backing: ['base'] }));
  console.log(JSON.stringify(cache.stats()));
} else {
  globalThis.held = allocateSync({ size: Number(bytes), backing: ['hugetlb'] });
  setInterval(() => undefined, 1000);
}
