// A service's hot data on huge pages: nearest neighbour search over a matrix of vectors, filled while the service already starts.
// Run: node examples/nearest-vectors.mjs
import { allocate } from 'hugepages';

const DIMENSIONS = 64;
const COUNT = 100_000;

const region = await allocate({
  size: COUNT * DIMENSIONS * Float32Array.BYTES_PER_ELEMENT,
  prefault: { background: true }, // the region is usable at once, populated or not
});
const vectors = region.view(Float32Array, 0, COUNT * DIMENSIONS);
for (let i = 0; i < vectors.length; i++) vectors[i] = Math.sin(i * 12.9898) * 43758.5453 % 1;
await region.ready;

function nearest(query) {
  let best = { index: -1, distance: Infinity };
  for (let index = 0; index < COUNT; index++) {
    let distance = 0;
    for (let d = 0; d < DIMENSIONS; d++) distance += (vectors[index * DIMENSIONS + d] - query[d]) ** 2;
    if (distance < best.distance) best = { index, distance };
  }
  return best;
}

const target = 4242;
const query = vectors.slice(target * DIMENSIONS, (target + 1) * DIMENSIONS);
const { kind, pageSize } = region.backing;
console.log(`${COUNT} vectors on ${kind} pages of ${pageSize / 1024} KiB`);
console.log('nearest to vector', target, 'is', nearest(query));
region.dispose();
