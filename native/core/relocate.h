// The memory of a mapping at other addresses: of another size, or aligned otherwise.
#pragma once

#include "core/result.h"
#include "core/survival.h"

namespace hugepages {

struct relocation {
  size_t length = 0;     // whole pages
  size_t alignment = 0;  // as in map_request, as is the hint
  uintptr_t hint = 0;
  const survival* survives = nullptr;  // what it survives by so far
};

// A file that is shared is mapped again, and changes its size with the mapping. Of everything else the pages are moved.
//
// Afterwards `from` has nothing that is needed, and its addresses are still its own. A failure leaves everything as it was, the size of
// the file included. Besides what the system calls say: ERANGE of fstat, somebody else has changed the size of the file to one that is
// neither the old nor the new one; EACCES, it is mapped for reading only; EOPNOTSUPP of mremap, this memory keeps its size.
result<surviving_memory> relocate(mapping& from, const relocation& to);

// Whether pointers to the old addresses must not be used meanwhile.
bool leaves_gap(const mapping& from);

}  // namespace hugepages
