/** What does memory cost that a program can have instead of a region? */
import { besideSections } from './buffers/beside.js';
import { mallocSections } from './buffers/malloc.js';
import { report } from './support/report.js';

export { serve } from './buffers/child.js';

export default function buffers(): Promise<boolean> {
  return report('buffers', 'memory of other makes', [...besideSections(), ...mallocSections()]);
}
