// /proc/self/smaps: the account of one mapping, on every kernel. Slow: the kernel walks the page tables of each mapping before it.
#pragma once

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

struct smaps_entry {
  range extent;
  size_t kernel_page_size = 0;  // bytes, as all of these
  size_t rss = 0;               // without hugetlb
  size_t hugetlb = 0;           // Private_Hugetlb + Shared_Hugetlb
  size_t pmd_mapped = 0;        // AnonHugePages + ShmemPmdMapped + FilePmdMapped
  bool thp_eligible = false;
};

// ENOENT when no mapping contains the address.
result<smaps_entry> read_smaps(uintptr_t address);

}  // namespace hugepages
