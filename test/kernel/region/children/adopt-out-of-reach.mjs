/** Adopts the segment of a key as what it is not, at an alignment for which its limit of addresses leaves no room. */
import { allocateSync, explain } from 'hugepages';

const options = { size: 2 * 2 ** 20, backing: ['base'], source: 'sysv', persistent: true, existing: 'adopt', alignment: '1TiB' };
const adopt = (key) => {
  const asked = { ...options, key: Number(key) };
  const said = explain(asked).candidates[0].reasons.map(({ code }) => code);
  try {
    allocateSync(asked);
    return { said };
  } catch ({ code }) {
    return { said, code };
  }
};
console.log(JSON.stringify(process.argv.slice(2).map(adopt)));
