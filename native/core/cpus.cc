#include "core/cpus.h"

#include <sched.h>

#include <array>

namespace hugepages {
namespace {

// Room for 8,192 CPUs, the most that x86-64 kernels are configured for; a cpu_set_t holds 1,024.
using cpu_mask = std::array<cpu_set_t, 8>;
constexpr int cpu_limit = 8 * CPU_SETSIZE;

}  // namespace

std::vector<int> allowed_cpus() {
  cpu_mask mask{};
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof mask, mask.data()) != 0) return cpus;
  for (int cpu = 0; cpu < cpu_limit; cpu++) {
    if (CPU_ISSET_S(static_cast<size_t>(cpu), sizeof mask, mask.data())) cpus.push_back(cpu);
  }
  return cpus;
}

status pin_this_thread(const std::vector<int>& cpus) {
  cpu_mask mask{};
  for (const int cpu : cpus) {
    if (cpu >= 0 && cpu < cpu_limit) CPU_SET_S(static_cast<size_t>(cpu), sizeof mask, mask.data());
  }
  if (sched_setaffinity(0, sizeof mask, mask.data()) != 0) return last_failure("sched_setaffinity");
  return done();
}

}  // namespace hugepages
