// PAGEMAP_SCAN (Linux 6.7): which pages of this process are present, and which in entries larger than the base page, without
// reading eight bytes per base page.
#pragma once

#include <vector>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

// ENOTTY before Linux 6.7.
result<std::vector<range>> present_ranges(range part);
result<std::vector<range>> huge_ranges(range part);

bool has_page_scan();

}  // namespace hugepages
