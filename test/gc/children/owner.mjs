/** Leaks objects that own a region, and counts what is left of them. Stacks are no text with `prepare`, and not to be had with `throw`. */
import { createRequire } from 'node:module';
import { allocateSync } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';

const native = createRequire(import.meta.url)(process.argv[2]);
if (process.argv[3] === 'prepare') Error.prepareStackTrace = (error, frames) => frames;
if (process.argv[3] === 'throw') {
  Error.prepareStackTrace = () => {
    throw new Error('no stack');
  };
}

class Owner {
  constructor() {
    this.region = allocateSync({ size: 4096, backing: ['base'], prefault: false });
  }
}

function leak() {
  for (let i = 0; i < 20; i++) new Owner();
}
leak();
await collectUntil(() => native.stats().regions <= 1);
console.log(JSON.stringify(native.stats().regions <= 1)); // one may still be in a register of the loop
