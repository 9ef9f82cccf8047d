/** Holds regions until it is killed: `{ allocate: [options], attach: [tokens] }`. Prints what they are. */
import { Region, allocateSync } from 'hugepages';

const { allocate = [], attach = [] } = JSON.parse(process.argv[2]);
const regions = [...allocate.map((options) => allocateSync(options)), ...attach.map((token) => Region.attach(token))];
for (const region of regions) {
  for (let offset = 0; offset < region.byteLength; offset += region.pageSize) region.bytes(offset, 1)[0] = 1;
}
console.log(JSON.stringify(regions.map(({ address, byteLength, backing }) => ({ address: String(address), byteLength, backing }))));
setInterval(() => regions, 1e6);
