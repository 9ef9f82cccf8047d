#include "core/cache_lines.h"

#include <new>
#include <numeric>
#include <vector>

#include "core/draw.h"

namespace hugepages {

status lay_cycle(range part, line_set lines, uint32_t seed) {
  std::vector<uint32_t> order;
  try {
    order.resize(lines.count());
  } catch (const std::bad_alloc&) {
    return failure{ENOMEM, "malloc"};
  }
  // Sattolo's shuffle: of all permutations those that are one cycle, each as likely as the others.
  std::iota(order.begin(), order.end(), 0U);
  draw random(seed);
  for (size_t left = lines.count(); left > 1; left--) std::swap(order[left - 1], order[random.below(static_cast<uint32_t>(left - 1))]);
  auto* const words = static_cast<uint32_t*>(part.pointer());
  for (size_t index = 0; index < lines.count(); index++) {
    words[lines.offset(index) / sizeof(uint32_t)] = static_cast<uint32_t>(lines.offset(order[index]) / sizeof(uint32_t));
  }
  return done();
}

}  // namespace hugepages
