/** What does `import 'hugepages'` add to the start of a program, and how large is the package? */
import { importSection } from './startup/import.js';
import { tarballSection } from './startup/tarball.js';
import { report } from './support/report.js';

export default function startup(): Promise<boolean> {
  return report('startup', 'loading the package', [importSection, tarballSection]);
}
