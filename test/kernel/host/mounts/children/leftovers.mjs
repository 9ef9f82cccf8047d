/** Somebody who is given no lease asks for the removal of files that others may use. */
import { leftovers } from 'hugepages';

try {
  await leftovers(process.argv[2], { remove: true });
  console.log(JSON.stringify('nothing was refused'));
} catch ({ code, details }) {
  console.log(JSON.stringify({ code, unreadable: details.unreadable > 0, othersHidden: details.othersHidden }));
}
