/** Prints what container() says. */
import { container } from 'hugepages';

console.log(JSON.stringify(container()));
