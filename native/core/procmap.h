// The mappings of a process.
#pragma once

#include <sys/types.h>

#include <vector>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

struct mapped {
  range extent;
  bool read_only = false;  // r--p
};

// The mapping of this process that contains an address. ENOENT when none does.
result<mapped> find_mapping(uintptr_t address);

// Of the mapping itself, as PROCMAP_QUERY tells it: Linux 6.11.
result<size_t> query_page_size(uintptr_t address);
bool has_procmap_query();

struct mapped_pages {
  range extent;
  size_t page_size = 0;  // of the mapping itself: larger than the base page for hugetlb alone
};

// What a process has mapped of `part`, by mapping. `process` 0 is this one. ENOENT: there is none; ESRCH: it has no addresses.
result<std::vector<mapped_pages>> mapped_within(pid_t process, range part);

// The same from /proc/PID/smaps alone, for kernels before 6.11.
result<std::vector<mapped_pages>> mapped_by_smaps(pid_t process, range part);

}  // namespace hugepages
