// The mappings of this process, one at a time.
#pragma once

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

struct mapped {
  range extent;
  bool read_only = false;  // r--p
};

// The mapping that contains an address. ENOENT when none does.
result<mapped> find_mapping(uintptr_t address);

// Of the mapping itself, as PROCMAP_QUERY tells it: Linux 6.11.
result<size_t> query_page_size(uintptr_t address);
bool has_procmap_query();

}  // namespace hugepages
