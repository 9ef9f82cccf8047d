// Giving pages of a region back while it stays mapped, and what that costs: a page of the pool that is given back may take its reservation
// with it, and whoever comes first has it then.
#pragma once

#include <vector>

#include "core/region.h"

namespace hugepages {

// Of a part of a region. None: of memory that is not hugetlb.
enum class reservation { none = 0, kept = 1, lost = 2 };

struct discard_outcome {
  size_t freed = 0;  // bytes
  reservation state = reservation::none;
  failure error{0, ""};  // why the reservation could not be taken back
};

// `part` is in whole pages of the mapping. With `keep` the reservation is taken back at once; EOPNOTSUPP, and nothing is given back, where
// that cannot be.
result<discard_outcome> discard(region& target, range part, bool keep);

// Takes the reservation of holes back. EOPNOTSUPP: there are some, and this memory has no way to.
status reserve(region& target, range part);

// Holes without a reservation that this process made and that no page of its own fills.
result<std::vector<range>> holes(region& target, range part);

}  // namespace hugepages
