// Memory without a name in any file system: memfd_create(2).
#pragma once

#include "core/memory_object.h"

namespace hugepages {

// Sealable, with MFD_HUGETLB and the size bits where huge pages are asked for. ENODEV: there is no pool of that page size.
result<std::shared_ptr<memory_object>> create_memfd(const object_request& request);

}  // namespace hugepages
