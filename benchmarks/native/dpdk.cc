// Huge pages of DPDK's environment abstraction layer, which gets its options from the command line. What its commands are: answers.h.
//
//   take PAGE_SIZE BYTES   reserves a memzone that takes up so much, which DPDK maps and populates: it holds no other memory.
//   give                   frees it. DPDK clears it and unmaps it.
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memzone.h>
#include <sched.h>

#include "answers.h"

namespace {

// A memzone has a header and a trailer in its own pages: a whole gigabyte would take another page for them.
constexpr size_t room_for_headers = 64 << 10;

const rte_memzone* zone = nullptr;

int64_t take(std::istream& arguments) {
  size_t page_size = 0;
  size_t bytes = 0;
  arguments >> page_size >> bytes;
  const unsigned flags = page_size == size_t{1} << 30 ? RTE_MEMZONE_1GB : RTE_MEMZONE_2MB;
  const auto begin = clock_type::now();
  zone = rte_memzone_reserve("benchmark", bytes - room_for_headers, SOCKET_ID_ANY, flags);
  const int64_t took = nanoseconds_since(begin);
  if (zone == nullptr) throw failed_call{"rte_memzone_reserve", rte_errno};
  return took;
}

int64_t give() {
  const auto begin = clock_type::now();
  const int error = rte_memzone_free(zone);
  if (error != 0) throw failed_call{"rte_memzone_free", -error};
  return nanoseconds_since(begin);
}

}  // namespace

int main(int count, char** arguments) {
  // It keeps its thread on one CPU, however busy that one is.
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  if (rte_eal_init(count, arguments) < 0) return 1;
  sched_setaffinity(0, sizeof allowed, &allowed);
  answer_lines([](const std::string& command, std::istream& rest) { return command == "take" ? take(rest) : give(); });
  rte_eal_cleanup();
}
