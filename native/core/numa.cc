#include "core/numa.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <climits>

namespace hugepages {
namespace {

constexpr size_t node_limit = 1024;  // the kernel's largest MAX_NUMNODES
constexpr size_t word_bits = sizeof(unsigned long) * CHAR_BIT;

}  // namespace

status bind_to_nodes(range part, int mode, const std::vector<int>& nodes) {
  std::array<unsigned long, node_limit / word_bits> mask{};
  for (const int node : nodes) {
    if (node < 0 || static_cast<size_t>(node) >= node_limit) return failure{EINVAL, "mbind"};
    const auto bit = static_cast<size_t>(node);
    mask.at(bit / word_bits) |= 1UL << (bit % word_bits);
  }
  // The kernel reads one bit less than maxnode says.
  const size_t max_node = nodes.empty() ? 0 : node_limit + 1;
  const auto* words = nodes.empty() ? nullptr : mask.data();
  if (syscall(SYS_mbind, part.start, part.length, mode, words, max_node, 0U) != 0) return last_failure("mbind");
  return done();
}

}  // namespace hugepages
