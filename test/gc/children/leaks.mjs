/** Leaks regions from several places, and prints the warnings that Node.js gives of them. */
import { Region, allocate, allocateSync } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';

const warnings = [];
process.on('warning', ({ name, message }) => warnings.push({ name, message }));

const options = { size: 4096, backing: ['base'], prefault: false };

// The test looks these places up by their comments.
function leakSync() {
  allocateSync(options); // leak: sync
}

async function leakAsync() {
  await allocate(options); // leak: async
}

function leakAttached(token) {
  Region.attach(token); // leak: attached
}

function leakResized() {
  allocateSync(options).resize(8192); // leak: resized
}

for (let i = 0; i < 5; i++) leakSync();
for (let i = 0; i < 5; i++) leakResized();
for (let i = 0; i < 5; i++) await leakAsync();
const region = allocateSync(options);
for (let i = 0; i < 5; i++) leakAttached(region.share());
region.dispose();
for (let i = 0; i < 5; i++) allocateSync(options).dispose();

await collectUntil(() => false); // a fixed number of collections: no warning may come twice
console.log(JSON.stringify(warnings));
