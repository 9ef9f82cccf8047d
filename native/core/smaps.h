// /proc/PID/smaps: the account of mappings, on every kernel. Slow: the kernel walks the page tables of each mapping.
#pragma once

#include <sys/types.h>

#include <functional>

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

// Calls `visit` for each mapping, in the order of their addresses, until that returns false. `process` 0 is this one.
status visit_smaps(pid_t process, const std::function<bool(const smaps_entry&)>& visit);

// Of this process. ENOENT when no mapping contains the address.
result<smaps_entry> read_smaps(uintptr_t address);

}  // namespace hugepages
