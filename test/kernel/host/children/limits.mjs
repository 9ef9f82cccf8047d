/** Prints what limits() says of this process. */
import { limits } from 'hugepages';

// JSON has no Infinity.
console.log(JSON.stringify(limits(), (_, value) => (value === Infinity ? 'unlimited' : value)));
