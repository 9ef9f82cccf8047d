// Populating pages for writing, with errors instead of signals.
#pragma once

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

// madvise(MADV_POPULATE_WRITE), Linux 5.14.
status populate_by_madvise(range part);

// The same for older kernels: has the kernel itself write to each page. Keeps what the pages hold, also while others write to them.
status populate_by_futex(range part, size_t page_size);

bool has_populate_write();

// Whichever of the two this kernel has.
status populate(range part, size_t page_size);

// madvise(MADV_COLLAPSE), Linux 6.1: huge pages from the base pages that are there.
status collapse(range part);

}  // namespace hugepages
