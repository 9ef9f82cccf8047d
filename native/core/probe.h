// What a range of this process is backed by, as page tables and the mapping say.
#pragma once

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

struct backing_probe {
  size_t mapping_page_size = 0;
  size_t present = 0;  // bytes
  size_t huge = 0;     // of them, in entries larger than the base page
  bool thp_eligible = false;
};

// `part` lies in one mapping.
result<backing_probe> probe_backing(range part);

// The same from /proc/self/smaps alone, for kernels before 6.11 and 6.7. Counts the whole mapping: exact when `part` is all of it.
result<backing_probe> probe_by_smaps(range part);

// Bytes per page of the mapping at an address; 0 where it cannot be told.
size_t mapping_page_size(uintptr_t address);

// Bytes of the range that are present.
result<size_t> present_bytes(range part);

}  // namespace hugepages
