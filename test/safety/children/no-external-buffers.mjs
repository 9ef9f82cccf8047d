/** Asks for buffers where the runtime refuses them, and uses the rest of a region. */
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: '2MiB', backing: ['base'] });

function refusal(call) {
  try {
    return call();
  } catch ({ name, code, remedy }) {
    return { name, code, remedy };
  }
}

const refusals = {
  buffer: refusal(() => region.buffer()),
  bytes: refusal(() => region.bytes()),
  view: refusal(() => region.view(Uint8Array)),
};
const { presentBytes } = region.backing;
region.dispose();
console.log(JSON.stringify({ refusals, presentBytes }));
