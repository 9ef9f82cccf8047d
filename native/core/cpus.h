// The CPUs that threads may run on.
#pragma once

#include <vector>

#include "core/result.h"

namespace hugepages {

// sched_getaffinity(2): the cpuset of this process, narrowed by its own affinity.
std::vector<int> allowed_cpus();

// Keeps the calling thread on these CPUs, as far as they are there: sched_setaffinity(2). EINVAL, and nothing changes, when none is left:
// those that went offline or out of the cpuset are left out.
status pin_this_thread(const std::vector<int>& cpus);

}  // namespace hugepages
