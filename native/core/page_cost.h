// What the kernel's work on pages costs a process: a page fault, a fork by what is mapped, and a mapping of what others have. In children of
// this process, where a page that cannot be had is a signal that kills nobody else.
#pragma once

#include <atomic>

#include "core/mapping.h"
#include "core/measured_sample.h"

namespace hugepages {

struct page_cost_request {
  backing_kind kind = backing_kind::base;
  size_t page_size = 0;  // of the backing
  size_t length = 0;     // in whole pages, private; a fork may have nothing mapped
  size_t rounds = 1;
  int cpu = -1;  // to keep to; -1 for none
};

// Maps memory and stores to each page once, in every round. Nanoseconds of a page, by round.
result<measured_sample> fault_cost(const page_cost_request& request, const std::atomic<bool>& stop);

// Maps and populates memory, and forks in every round. Nanoseconds until fork(2) returned to the one who forked, by round.
result<measured_sample> fork_cost(const page_cost_request& request, const std::atomic<bool>& stop);

struct attach_cost_request {
  std::shared_ptr<memory_object> object;
  size_t length = 0;  // whole pages, populated
  bool read = false;
  size_t rounds = 1;
  int cpu = -1;
};

// Maps an object in every round, and reads a byte of each base page of it if that is asked for. Nanoseconds, by round.
result<measured_sample> attach_cost(const attach_cost_request& request, const std::atomic<bool>& stop);

// All: ECANCELED; EFAULT when a page could not be had, and ENOMEM when the kernel killed the child for want of memory, or gave base pages in
// the place of a transparent huge one; the failure of a system call in the child.

}  // namespace hugepages
