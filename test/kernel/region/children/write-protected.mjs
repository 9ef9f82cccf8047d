/** Writes from JavaScript into a part of a region that forbids it. */
import { writeSync } from 'node:fs';
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: '4MiB', backing: [process.argv[2]] });
const half = region.byteLength / 2;
const bytes = region.bytes();
region.protect('read', half);
bytes[half - 1] = 1;
writeSync(1, 'before');
bytes[half] = 1;
writeSync(1, 'after');
