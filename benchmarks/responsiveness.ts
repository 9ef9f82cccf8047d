/** What does the event loop notice of memory that is populated? */
import { backgroundSections } from './prefault/background.js';
import { cancelSections } from './prefault/cancel.js';
import { stallSections } from './prefault/stall.js';
import { report } from './support/report.js';

export default function responsiveness(): Promise<boolean> {
  return report('responsiveness', 'the event loop beside a prefault', [...stallSections(), ...cancelSections(), ...backgroundSections()]);
}
