// What the kernel's work on pages costs a process: a page fault, and a fork by what is mapped. In children of this process, where a page
// that cannot be had is a signal that kills nobody else.
#pragma once

#include <atomic>
#include <vector>

#include "core/mapping.h"
#include "core/result.h"

namespace hugepages {

struct page_cost_request {
  backing_kind kind = backing_kind::base;
  size_t page_size = 0;  // of the backing
  size_t length = 0;     // in whole pages; a fork may have nothing mapped
  bool shared = false;   // MAP_SHARED
  size_t rounds = 1;
};

// Maps memory and stores to each page once, in every round. Nanoseconds of a page, by round.
result<std::vector<double>> fault_cost(const page_cost_request& request, const std::atomic<bool>& stop);

// Maps and populates memory, and forks in every round. Nanoseconds until fork(2) returned to the one who forked, by round.
result<std::vector<double>> fork_cost(const page_cost_request& request, const std::atomic<bool>& stop);

// Both: ECANCELED; EFAULT when a page could not be had; the failure of a system call in the child.

}  // namespace hugepages
