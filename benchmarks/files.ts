/** How fast is a file loaded into a region, beside copying it to tmpfs and reading it into a Buffer? */
import { fileSections } from './files/load.js';
import { report } from './support/report.js';

export default function files(): Promise<boolean> {
  return report('files', 'a file of 1 GiB from the page cache', fileSections());
}
