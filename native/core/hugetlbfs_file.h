// A file on a hugetlbfs mount.
#pragma once

#include "core/memory_object.h"

namespace hugepages {

// One without a name, O_TMPFILE, in the directory that the path is or that it would be in. A persistent one has the path as its name, new
// or adopted. EEXIST: something is there already.
result<std::shared_ptr<memory_object>> create_hugetlbfs_file(const object_request& request);

}  // namespace hugepages
