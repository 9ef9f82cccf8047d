/** Prints a token of this process. */
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: 1, backing: ['base'] });
console.log(JSON.stringify(region.share()));
region.dispose();
