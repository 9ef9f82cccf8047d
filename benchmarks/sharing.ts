/** How long until another process has a region, and how fast do two processes answer each other? */
import { firstByteSections } from './sharing/first-byte.js';
import { handoverSections } from './sharing/handover.js';
import { SharingPeer } from './sharing/peer.js';
import { pingpongSection } from './sharing/pingpong.js';
import { Peer } from './support/peer.js';
import { report } from './support/report.js';

export default async function sharing(): Promise<boolean> {
  const bare = new Peer();
  const other = new SharingPeer();
  try {
    const sections = [...handoverSections(other), ...firstByteSections(), pingpongSection(bare, other)];
    return await report('sharing', 'regions in two processes', sections);
  } finally {
    await bare.stop();
    other.stop();
  }
}
