/** Where the checkout is: two folders up from here, and from build/benchmarks/, where this runs. */
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);

/** The path of a file of the checkout. */
export function inCheckout(file: string): string {
  return fileURLToPath(new URL(file, ROOT));
}
