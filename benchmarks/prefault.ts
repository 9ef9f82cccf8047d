/** How fast is memory populated, beside bare C++ threads and beside an ordinary Buffer? */
import { throughputSections } from './prefault/throughput.js';
import { Peer } from './support/peer.js';
import { report } from './support/report.js';

export default async function prefault(): Promise<boolean> {
  const peer = new Peer();
  try {
    return await report('prefault', 'populating warm memory', throughputSections(peer));
  } finally {
    peer.stop();
  }
}
