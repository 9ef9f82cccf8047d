/** Is memory that is used again cheaper than fresh memory? */
import { cacheSections } from './recycle/cache.js';
import { zeroSections } from './recycle/zero.js';
import { report } from './support/report.js';

export default function recycle(): Promise<boolean> {
  return report('recycle', 'memory that is used again', [...zeroSections(), ...cacheSections()]);
}
