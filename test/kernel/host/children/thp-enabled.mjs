/** Prints whether this process has transparent huge pages, as both readers tell it. */
import { limits, thp } from 'hugepages';

console.log(JSON.stringify({ thp: thp().processEnabled, limits: limits().thpEnabled }));
