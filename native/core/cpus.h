// The CPUs that threads may run on.
#pragma once

#include <vector>

namespace hugepages {

// sched_getaffinity(2): the cpuset of this process, narrowed by its own affinity.
std::vector<int> allowed_cpus();

// Keeps the calling thread on these CPUs. Best effort: a CPU that went offline or out of the cpuset is no reason to fail.
void pin_this_thread(const std::vector<int>& cpus);

}  // namespace hugepages
