// Figures that a child process of this one finds.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "core/result.h"

namespace hugepages {

// Runs `measure` in a child, which is forked from a process with other threads: it may make system calls and compute, and not allocate. It
// fills in `count` figures. ECANCELED after `stop`, within 20 ms; EFAULT when a touch was a signal, ENOMEM when it was killed, as the
// kernel does for want of memory; otherwise what `measure` failed with.
result<std::vector<double>> in_child(size_t count, const std::function<status(double* figures)>& measure, const std::atomic<bool>& stop);

}  // namespace hugepages
