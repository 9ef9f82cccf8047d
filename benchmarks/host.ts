/** What does it cost to look at the machine, from a program and from a shell? */
import { commandsSection } from './host/commands.js';
import { numastatSection } from './host/numastat.js';
import { snapshotSection } from './host/snapshot.js';
import { report } from './support/report.js';

export default function host(): Promise<boolean> {
  return report('host', 'looking at the machine', [snapshotSection, commandsSection, numastatSection]);
}
