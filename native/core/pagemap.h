// /proc/self/pagemap: the state of each page of a range, as runs of equal state.
#pragma once

#include <optional>
#include <vector>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

struct page_run {
  range extent;
  size_t page_size = 0;  // bytes that one page-table entry maps
  bool present = false;
  bool swapped = false;
  bool soft_dirty = false;
  bool file = false;              // of a file or of shared memory, in contrast to this process's own
  bool exclusive = false;         // mapped by this process alone
  std::optional<uint64_t> frame;  // of the first base page; frames of a run are contiguous
};

// Frame numbers are there with CAP_SYS_ADMIN only: without it the kernel shows zeros. Before Linux 6.7 transparent huge pages cannot
// be told from base pages here.
result<std::vector<page_run>> read_pagemap(range part, size_t mapping_page_size);

}  // namespace hugepages
