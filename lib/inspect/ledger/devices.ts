/** Which file systems are made of huge pages: those that are mounted, and those of the kernel, for memory without a name. */
import { statfsSync } from 'node:fs';
import type { MappingDetails } from '../procfs/smaps.js';

const HUGETLBFS_MAGIC = 0x958458f6;

/** The hugetlb file systems by device, `major:minor` in hexadecimal as in `/proc/PID/maps`. Each is asked for once. */
export class HugetlbDevices {
  readonly #pageSizes = new Map<string, number>();

  /** Bytes per page; 0 of a device that is no hugetlbfs; undefined where nothing has told yet. */
  pageSize(device: string): number | undefined {
    // It is never on a block device.
    return device.startsWith('00:') && device !== '00:00' ? this.#pageSizes.get(device) : 0;
  }

  add(device: string, pageSize: number): void {
    this.#pageSizes.set(device, pageSize);
  }

  /** Learns from all mappings of a process. */
  learn(mappings: readonly MappingDetails[]): void {
    for (const { device, flags, bytes } of mappings) {
      if (this.pageSize(device) === undefined) this.add(device, flags.includes('ht') ? (bytes['KernelPageSize'] ?? 0) : 0);
    }
  }

  /** The page size of the device that a link of `/proc/PID/fd` leads to, which statfs(2) tells; 0 of one that is gone. */
  pageSizeBehind(device: string, link: string): number {
    const known = this.pageSize(device);
    if (known !== undefined) return known;
    try {
      const { type, bsize } = statfsSync(link);
      const pageSize = type === HUGETLBFS_MAGIC ? bsize : 0;
      this.add(device, pageSize);
      return pageSize;
    } catch {
      return 0;
    }
  }
}
