/** How long until another process has a region, and how fast do two processes answer each other? */
import { handoverSections } from './sharing/handover.js';
import { SharingPeer } from './sharing/peer.js';
import { pingpongSection } from './sharing/pingpong.js';
import { Peer } from './support/peer.js';
import { report } from './support/report.js';

export default async function sharing(): Promise<boolean> {
  const bare = new Peer();
  const other = new SharingPeer();
  try {
    return await report('sharing', 'regions in two processes', [...handoverSections(other), pingpongSection(bare, other)]);
  } finally {
    bare.stop();
    other.stop();
  }
}
