/** Are reads of a region as fast as reads of an ordinary ArrayBuffer, and faster where those outgrow the TLB? */
import { readSections } from './access/reads.js';
import { report } from './support/report.js';

export default function access(): Promise<boolean> {
  return report('access', 'JavaScript reads of a region and of an ordinary ArrayBuffer', readSections());
}
