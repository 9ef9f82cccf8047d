#include "core/pagemap.h"

#include <algorithm>
#include <array>

#include "core/file.h"
#include "core/page_scan.h"

namespace hugepages {
namespace {

// Documentation/admin-guide/mm/pagemap.rst
constexpr uint64_t frame_mask = (uint64_t{1} << 55U) - 1;
constexpr uint64_t soft_dirty_bit = uint64_t{1} << 55U;
constexpr uint64_t exclusive_bit = uint64_t{1} << 56U;
constexpr uint64_t file_bit = uint64_t{1} << 61U;
constexpr uint64_t swapped_bit = uint64_t{1} << 62U;
constexpr uint64_t present_bit = uint64_t{1} << 63U;

page_run decode(uint64_t entry, range extent, size_t page_size) {
  page_run run;
  run.extent = extent;
  run.page_size = page_size;
  run.present = (entry & present_bit) != 0;
  run.swapped = (entry & swapped_bit) != 0;
  run.soft_dirty = (entry & soft_dirty_bit) != 0;
  run.file = (entry & file_bit) != 0;
  run.exclusive = (entry & exclusive_bit) != 0;
  if (run.present && (entry & frame_mask) != 0) run.frame = entry & frame_mask;
  return run;
}

bool continues(const page_run& run, const page_run& next) {
  if (run.page_size != next.page_size || run.present != next.present || run.swapped != next.swapped || run.soft_dirty != next.soft_dirty ||
      run.file != next.file || run.exclusive != next.exclusive || run.frame.has_value() != next.frame.has_value()) {
    return false;
  }
  return !run.frame || *run.frame + run.extent.length / base_page_size() == *next.frame;
}

// Which pages lie in transparent huge pages, asked in ascending order.
class huge_lookup {
 public:
  explicit huge_lookup(std::vector<range> huge) : huge_(std::move(huge)) {}

  bool contains(uintptr_t address) {
    while (next_ < huge_.size() && huge_[next_].end() <= address) next_++;
    return next_ < huge_.size() && huge_[next_].start <= address;
  }

 private:
  std::vector<range> huge_;
  size_t next_ = 0;
};

}  // namespace

result<std::vector<page_run>> read_pagemap(range part, size_t mapping_page_size) {
  const file pagemap("/proc/self/pagemap");
  if (!pagemap.is_open()) return last_failure("open(/proc/self/pagemap)");
  const size_t base = base_page_size();
  const bool hugetlb = mapping_page_size != base;
  huge_lookup huge({});
  if (!hugetlb && has_page_scan()) {
    auto ranges = huge_ranges(part);
    if (!ranges.ok()) return ranges.error();
    huge = huge_lookup(std::move(ranges.value()));
  }
  const size_t pmd_size = base * (base / sizeof(uint64_t));
  std::vector<page_run> runs;
  std::array<uint64_t, 8192> entries{};
  for (uintptr_t chunk = part.start; chunk < part.end();) {
    const size_t wanted = std::min(entries.size(), (part.end() - chunk) / base) * sizeof(uint64_t);
    const auto position = static_cast<off_t>(chunk / base * sizeof(uint64_t));
    const ssize_t got = pread(pagemap.descriptor(), entries.data(), wanted, position);
    if (got < 0) return last_failure("pread(/proc/self/pagemap)");
    if (got == 0) return failure{EIO, "pread(/proc/self/pagemap)"};
    const size_t count = static_cast<size_t>(got) / sizeof(uint64_t);
    for (size_t i = 0; i < count; i++) {
      const uintptr_t address = chunk + i * base;
      const size_t page_size = hugetlb ? mapping_page_size : huge.contains(address) ? pmd_size : base;
      const page_run next = decode(entries.at(i), {address, base}, page_size);
      if (!runs.empty() && continues(runs.back(), next)) {
        runs.back().extent.length += base;
      } else {
        runs.push_back(next);
      }
    }
    chunk += count * base;
  }
  return runs;
}

}  // namespace hugepages
