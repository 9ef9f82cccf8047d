// PAGEMAP_SCAN (Linux 6.7): which pages of a process are present, and which in entries larger than the base page, without reading eight
// bytes per base page.
#pragma once

#include <vector>

#include "core/pagemap_file.h"
#include "core/range.h"
#include "core/result.h"

namespace hugepages {

// Of sets of uapi::page_is_* bits.
struct page_categories {
  uint64_t all = 0;  // that a page has to have
  uint64_t any = 0;  // of which it has to have one, unless that is empty
  uint64_t none = 0;
  uint64_t tell = 0;  // of which runs are told apart
};

struct scanned_range {
  range extent;
  uint64_t categories = 0;
};

// The pages of `part` that have the categories. ENOTTY before Linux 6.7; ECANCELED: stopped.
result<std::vector<scanned_range>> scan_pages(const pagemap_file& pagemap, range part, const page_categories& wanted,
                                              const stop_flag& stop = never_stops, uint64_t flags = 0);

// Of this process.
result<std::vector<range>> present_ranges(range part);
result<std::vector<range>> huge_ranges(range part);

bool has_page_scan();

}  // namespace hugepages
