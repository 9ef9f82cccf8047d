// A System V shared memory segment: shmget(2), shmat(2).
#pragma once

#include "core/memory_object.h"

namespace hugepages {

// With SHM_HUGETLB and the size bits where huge pages are asked for. Of one that is not persistent, the segment is marked for removal
// (IPC_RMID) as soon as it is attached: it lives as long as it is attached somewhere.
result<std::shared_ptr<memory_object>> create_segment(const object_request& request);

// One that others made and remove. ERANGE of shmctl at mapping: its pages are of another size, or it is.
std::shared_ptr<memory_object> adopt_segment(int id, size_t page_size);

// Bytes per page of a segment, which only an attachment shows: it is attached read-only for a moment, and none of its pages touched.
result<size_t> segment_page_size(int id);

}  // namespace hugepages
