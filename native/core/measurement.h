// One sample of what accesses to a part of a region cost.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "core/cache_lines.h"
#include "core/draw.h"
#include "core/job.h"
#include "core/measured_sample.h"
#include "core/region.h"

namespace hugepages {

// By their numbers, lib/native/measure.ts: Pattern.
enum class access_pattern { chase = 0, gather = 1, scatter = 2, read = 3, write = 4, wander = 5 };

struct measure_request {
  range part;
  access_pattern pattern = access_pattern::chase;
  line_set lines{line_bytes, 0};  // within the part; of `read` and `write`, all of it is accessed
  bool lay = false;               // the cycle of a chase first, which is otherwise there
  size_t warm_up = 0;             // accesses that are not counted, in front of the others
  size_t block = 0;               // accesses that are timed together
  size_t blocks = 0;
  uint32_t seed = 0;
  int cpu = -1;  // to keep to; -1 for none
  std::vector<counter_event> counters;
};

// Runs on a thread that may block. The pages are populated first and nobody takes them away meanwhile, so that no access is a signal; what
// another process punches into the memory is one, as for any touch.
class measurement : public cancellable {
 public:
  // Null when the region is retired.
  static std::shared_ptr<measurement> create(const std::shared_ptr<region>& target, measure_request request);
  measurement(region& target, std::unique_ptr<work> keep, measure_request request);

  // Once. Gives up the region at its end. ECANCELED; EILSEQ when somebody else has written to the cycle of a chase, or laid none; the
  // failure of the populate.
  result<measured_sample> run();

  void cancel() override { stop_ = true; }

 private:
  result<measured_sample> measure();
  // One of the accesses of `read` and `write` is a line.
  bool access(size_t count);
  void access_lines(size_t count);

  region& target_;  // kept by the work
  std::unique_ptr<work> keep_;
  const measure_request request_;
  std::atomic<bool> stop_{false};
  draw random_;
  uint32_t at_;      // of a chase, in words
  size_t line_ = 0;  // of a read or write through the part
};

}  // namespace hugepages
