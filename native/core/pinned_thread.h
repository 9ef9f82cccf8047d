// A thread that keeps to one CPU, for as long as something is measured on it.
#pragma once

#include <vector>

#include "core/result.h"

namespace hugepages {

class pinned_thread {
 public:
  // Of the calling thread: sched_setaffinity(2). -1: it runs where it may.
  explicit pinned_thread(int cpu);
  pinned_thread(const pinned_thread&) = delete;
  pinned_thread& operator=(const pinned_thread&) = delete;
  // It may run where it could before.
  ~pinned_thread();

  // EINVAL for a CPU that is offline or outside of the cpuset; EPERM of a sandbox.
  [[nodiscard]] const failure& error() const { return error_; }

 private:
  std::vector<int> before_;
  failure error_{0, ""};
};

}  // namespace hugepages
