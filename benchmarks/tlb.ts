/** Do the chases of benchTlb() find what a plain C++ program finds? */
import { report } from './support/report.js';
import { gainSection } from './tlb/gain.js';

export default function tlb(): Promise<boolean> {
  return report('tlb', 'dependent loads, one in each 4 KiB of 1 GiB', [gainSection]);
}
