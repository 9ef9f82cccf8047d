// Pages that get other addresses, and stay the same pages: mremap(2).
#pragma once

#include "core/mapping.h"
#include "core/result.h"

namespace hugepages {

// Moves the pages of `from`, as many as fit, to `to`, which reserved its addresses, with all that protect(), advise(), lock() and mbind(2)
// said of them. What follows in `to` is more of the last page. A failure leaves everything where it was.
//
// The addresses of `from` stay mapped all the time: private memory reads zeros there, what is shared can still be seen. Not so for hugetlb,
// which the kernel moves only with its addresses: there is a moment without, and for that nobody may have a pointer.
//
// EINVAL: before Linux 5.7 for private memory, 5.13 for shared, 5.16 for hugetlb, which never grows.
status move_pages(mapping& from, mapping& to);

}  // namespace hugepages
