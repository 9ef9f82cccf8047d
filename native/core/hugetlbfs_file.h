// A file on a hugetlbfs mount.
#pragma once

#include "core/memory_object.h"

namespace hugepages {

// In a directory: without a name, O_TMPFILE. Otherwise the file of that path, new or adopted, whose name goes at once unless it is
// persistent.
result<std::shared_ptr<memory_object>> create_hugetlbfs_file(const object_request& request);

}  // namespace hugepages
