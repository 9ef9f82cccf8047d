/** Changes a pool as its argument says, and is killed meanwhile. */
import { setPool } from 'hugepages';

await setPool(JSON.parse(process.argv[2]));
console.log('done');
