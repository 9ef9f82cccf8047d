/** What does a region cost over the bare system calls, and do many of them leave anything behind? */
import { cycleSections } from './allocate/cycle.js';
import { flatSections } from './allocate/flat.js';
import { Peer } from './support/peer.js';
import { report } from './support/report.js';

export default async function allocate(): Promise<boolean> {
  const peer = new Peer();
  try {
    return await report('allocate', 'allocateSync() and dispose()', [...cycleSections(peer), ...flatSections()]);
  } finally {
    await peer.stop();
  }
}
