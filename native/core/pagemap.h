// The page map of a process: the state of each page of its memory, as runs of equal state.
#pragma once

#include <vector>

#include "core/page_entry.h"
#include "core/pagemap_file.h"
#include "core/procmap.h"
#include "core/range.h"
#include "core/result.h"

namespace hugepages {

struct page_run {
  range extent;
  size_t page_size = 0;  // bytes that one page-table entry maps
  uint8_t state = 0;     // a set of page_state
  uint64_t frame = 0;    // of the first base page, and those that follow are contiguous; 0: not present, or not shown
  int node = -1;         // unknown

  [[nodiscard]] bool is(page_state one) const { return (state & one) != 0; }
  [[nodiscard]] bool present() const { return is(page_present); }
};

// How pages are found. By its number, lib/native: PagemapEngine.
enum class pagemap_engine {
  fastest,
  scan,  // PAGEMAP_SCAN tells which pages there are, and their entries alone are read: Linux 6.7
  read,  // all entries are read; transparent huge pages cannot be told from base pages
};

struct pagemap_request {
  std::vector<mapped_pages> parts;  // in ascending order
  bool frames = true;               // false: runs are not told apart by their frames
  pagemap_engine engine = pagemap_engine::fastest;
};

// Frame numbers are there with CAP_SYS_ADMIN only: without it the kernel shows zeros. Of memory that is no more there may be runs
// nevertheless: ask check_alive() afterwards. ECANCELED: stopped.
result<std::vector<page_run>> read_pagemap(const pagemap_file& pagemap, const pagemap_request& request, const stop_flag& stop);

// Of this process, where one mapping is.
result<std::vector<page_run>> read_pagemap(range part, size_t mapping_page_size);

// Whether the kernel shows frame numbers to this process.
bool shows_frames();

// Whether the kernel notes which pages were written since /proc/PID/clear_refs: CONFIG_MEM_SOFT_DIRTY.
bool has_soft_dirty();

}  // namespace hugepages
