/** Takes its share when it is told to, and keeps it until it is told to end: a line of JSON says what it got. */
import { once } from 'node:events';
import { allocate } from 'hugepages';

const options = JSON.parse(process.argv[2]);
const line = () => once(process.stdin, 'data');

console.log('ready');
await line();
const region = await allocate(options).catch(({ name, code }) => ({ name, code }));
console.log(JSON.stringify({ bytes: region.byteLength ?? 0, code: region.code }));
await line();
region.dispose?.();
process.exit();
