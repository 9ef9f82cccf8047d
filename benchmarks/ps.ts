/** What does it cost to look at the huge pages of many processes, and what do others say of them? */
import { otherToolsSections } from './ps/others.js';
import { processesSection } from './ps/processes.js';
import { report } from './support/report.js';

export default function ps(): Promise<boolean> {
  return report('ps', 'the huge pages of many processes', [processesSection, ...otherToolsSections()]);
}
