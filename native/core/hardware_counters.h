// Counters of the processor for what one thread does: perf_event_open(2).
#pragma once

#include <cstdint>
#include <vector>

#include "core/file.h"
#include "core/result.h"

namespace hugepages {

// As of perf_event_attr.
struct counter_event {
  uint32_t type = 0;
  uint64_t config = 0;
};

struct counter_reading {
  uint64_t value = 0;  // extrapolated when the processor had to share its counters out
  int error = 0;       // of opening or reading it: ENOENT where the machine has none, EACCES by kernel.perf_event_paranoid
};

class hardware_counters {
 public:
  // Of the calling thread in user mode, all stopped.
  explicit hardware_counters(const std::vector<counter_event>& events);

  void start();
  void stop();
  // In the order of the events; what was counted between all starts and stops.
  [[nodiscard]] std::vector<counter_reading> read() const;

 private:
  struct counter {
    file opened;
    int error;
  };

  void control(unsigned long request);

  std::vector<counter> counters_;
};

}  // namespace hugepages
