/** Stores a region to a file that has no room for it: store.mjs FILE BYTES */
import { allocateSync } from 'hugepages';

const [file, bytes] = process.argv.slice(2);
const region = allocateSync({ size: Number(bytes), backing: ['base'] });
try {
  await region.store(file);
  console.log('{}');
} catch ({ code, errno, details, remedy }) {
  console.log(JSON.stringify({ code, errno, details, remedy }));
}
region.dispose();
