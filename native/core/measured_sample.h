// What one sample of a measurement says.
#pragma once

#include <vector>

#include "core/hardware_counters.h"
#include "core/result.h"

namespace hugepages {

struct measured_sample {
  std::vector<double> nanoseconds;  // of each access by block, or of each page or fork by round
  double clock = 0;                 // clock_step() beside it
  failure pinning{0, ""};           // why the thread could not be pinned
  std::vector<counter_reading> counters;
};

}  // namespace hugepages
