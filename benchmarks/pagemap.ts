/** What does it cost to ask which pages are there? */
import { residencySections } from './pagemap/residency.js';
import { report } from './support/report.js';

export default function pagemap(): Promise<boolean> {
  return report('pagemap', 'which pages there are', residencySections());
}
