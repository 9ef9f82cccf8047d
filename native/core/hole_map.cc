#include "core/hole_map.h"

#include <algorithm>

namespace hugepages {

void hole_map::add(range part) {
  if (part.length == 0) return;
  uintptr_t start = part.start;
  uintptr_t end = part.end();
  auto next = holes_.lower_bound(start);
  if (next != holes_.begin() && std::prev(next)->second >= start) next--;
  while (next != holes_.end() && next->first <= end) {
    start = std::min(start, next->first);
    end = std::max(end, next->second);
    next = holes_.erase(next);
  }
  holes_.emplace(start, end);
}

void hole_map::remove(range part) {
  const auto cut = within(part);
  if (cut.empty()) return;
  const auto first = std::prev(holes_.upper_bound(cut.front().start));
  const auto behind = holes_.lower_bound(part.end());
  const range before{first->first, cut.front().start - first->first};
  const range after{cut.back().end(), std::prev(behind)->second - cut.back().end()};
  holes_.erase(first, behind);
  if (before.length != 0) holes_.emplace(before.start, before.end());
  if (after.length != 0) holes_.emplace(after.start, after.end());
}

std::vector<range> hole_map::within(range part) const {
  std::vector<range> found;
  if (part.length == 0) return found;
  auto next = holes_.upper_bound(part.start);
  if (next != holes_.begin() && std::prev(next)->second > part.start) next--;
  for (; next != holes_.end() && next->first < part.end(); next++) {
    const uintptr_t start = std::max(part.start, next->first);
    found.push_back({start, std::min(part.end(), next->second) - start});
  }
  return found;
}

}  // namespace hugepages
