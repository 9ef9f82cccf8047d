/** What would become of an allocation. */
import { checkOptions } from '../arguments.js';
import { diagnose } from '../host/explain/diagnose.js';
import { readMachine } from '../host/explain/machine.js';
import type { Diagnosis } from '../host/explain/types.js';
import type { RootOptions } from '../host/text.js';
import { native } from '../native.js';
import { facts, recordedFacts } from './facts.js';
import { parseOptions, requestOf } from './options.js';
import { ASYNC_PREFAULT } from './prefault-options.js';
import type { AllocateOptions } from './types.js';

const NONE = { regions: 0, bytes: 0 };

/**
 * Says what {@link allocate} would do with these options at this moment: whether it would succeed and with which backing, and for each
 * backing every reason that rules it out, in the order in which the kernel would meet them, with what mends it. Nothing is mapped.
 *
 * It knows the pools with overcommit and reservations, the hugetlb and memory limits of the cgroup and of those above it, the cpuset
 * and the memory policy, RLIMIT_AS and RLIMIT_DATA, vm.overcommit_memory, vm.max_map_count, the settings of transparent huge pages and
 * prctl(PR_SET_THP_DISABLE), and what undisposed regions of this process hold. It does not know the future: what others take or give
 * back in between, and whether memory is too fragmented for a transparent huge page or a surplus page.
 *
 * @param options - as for {@link allocate}
 * @param where - `root`: a recorded tree of another machine, whose `/proc/self` is the process that is asked for
 * @throws TypeError, RangeError as {@link allocate} for wrong options; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where `/proc` is not
 *   mounted, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when the kernel's files cannot be read
 */
export function explain(options: AllocateOptions, where: RootOptions = {}): Diagnosis {
  const isLive = checkOptions(where, 'where', ['root']).root === undefined;
  const plan = parseOptions(options, ASYNC_PREFAULT, isLive ? facts : recordedFacts(where));
  return diagnose(requestOf(plan), plan.candidates, readMachine(isLive ? native.stats() : NONE, where));
}
