/** How fast is memory populated, beside bare C++ threads, an ordinary Buffer, QEMU, DPDK and libhugetlbfs? */
import { dpdkSections } from './prefault/dpdk.js';
import { libhugetlbfsSections } from './prefault/libhugetlbfs.js';
import { qemuSections } from './prefault/qemu.js';
import { throughputSections } from './prefault/throughput.js';
import { Peer } from './support/peer.js';
import { report } from './support/report.js';

export default async function prefault(): Promise<boolean> {
  const peer = new Peer();
  try {
    const others = [...qemuSections(), ...dpdkSections(), ...libhugetlbfsSections()];
    return await report('prefault', 'populating warm memory', [...throughputSections(peer), ...others]);
  } finally {
    await peer.stop();
  }
}
