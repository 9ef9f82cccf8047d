/** Memory of which the kernel notes what is written. */
import { live } from './held.js';
import { PagedMemory } from './paged.js';
import { trackWrites } from './write-tracker.js';
import type { WriteTracker } from './write-tracker.js';

/** The part of a Region that is about writes to it. */
export abstract class TrackableMemory extends PagedMemory {
  /**
   * Has the kernel note which pages are written from now on, until the tracker is disposed, or the region is: userfaultfd(2) with
   * asynchronous write protection, Linux 6.7. It takes no privileges. The first write to a page after each {@link WriteTracker.take} costs
   * a fault; a transparent huge page is mapped by base pages from then on.
   *
   * Seen are writes through this mapping, of JavaScript, of worker threads, of native code, and of the kernel, such as read(2) into a
   * view. Not seen are those of other processes to shared memory, and of devices to pages that were pinned before (RDMA, buffers that were
   * registered with io_uring). A page that is there for the first time counts as written, except where only zeros were read from
   * private base pages; so does what {@link PagedMemory.prefault} went through.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` before Linux 6.7; `ERR_HUGEPAGES_BUSY` when the region is tracked already;
   *   `ERR_HUGEPAGES_PERMISSION` for a region that was attached read-only, and under a seccomp filter that forbids userfaultfd(2)
   */
  trackWrites(): WriteTracker {
    return trackWrites(live(this));
  }
}
