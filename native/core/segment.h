// A System V shared memory segment: shmget(2), shmat(2).
#pragma once

#include "core/memory_object.h"

namespace hugepages {

// With SHM_HUGETLB and the size bits where huge pages are asked for. Of one that is not persistent, the segment is marked for removal
// (IPC_RMID) as soon as it is attached: it lives as long as it is attached somewhere.
result<std::shared_ptr<memory_object>> create_segment(const object_request& request);

}  // namespace hugepages
