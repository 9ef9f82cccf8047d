/** Sets a pool's size, and is killed meanwhile. */
import { setPool } from 'hugepages';

const [pageSize, pages] = process.argv.slice(2).map(Number);
await setPool({ pageSize, pages });
console.log('done');
