// Holes that this process made in a region: a set of addresses.
#pragma once

#include <map>
#include <vector>

#include "core/range.h"

namespace hugepages {

class hole_map {
 public:
  void add(range part);
  void remove(range part);
  // In ascending order, cut off at the ends of `part`.
  [[nodiscard]] std::vector<range> within(range part) const;

 private:
  std::map<uintptr_t, uintptr_t> holes_;  // end by start; neither overlapping nor adjacent
};

}  // namespace hugepages
