// What a signal handler may do about a page: ask the kernel whether it can be used, and lay base pages in its place. System calls only;
// errno changes.
#pragma once

#include "core/range.h"

namespace hugepages {

// Whether a read at that address, or a write, would work at this moment. They populate the page if they can, and change nothing in it.
bool is_readable(uintptr_t address);
bool is_writable(uintptr_t address);

struct substitute_request {
  range page;
  int protection;        // PROT_*
  bool inherit_on_fork;  // false: MADV_DONTFORK
};

// Private base pages full of zeros, in place of what is there.
bool substitute_zeros(const substitute_request& request);

// Private base pages with the content of what is there, which is readable. Not done, and true, when the page has become writable by then.
bool substitute_copy(const substitute_request& request);

}  // namespace hugepages
