/** What does it cost to look at the huge pages of a thousand processes, beside pmap? */
import { processesSection } from './ps/processes.js';
import { report } from './support/report.js';

export default function ps(): Promise<boolean> {
  return report('ps', 'the huge pages of a thousand processes', [processesSection]);
}
