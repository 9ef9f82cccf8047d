// Zeroing memory in place.
#pragma once

#include "core/range_job.h"

namespace hugepages {

// Past the caches where the processor can: the memory is large, and what the caches hold is worth more.
void store_zeros(range part);

// Zeroes any bytes of a region. Pages that are absent are populated first, because a touch could be a signal. One that cannot be had is
// a hole, which reads as zeros once it is filled: it is left alone, and counted apart.
class clear_job : public range_job {
 public:
  // Null when the region is retired.
  static std::shared_ptr<clear_job> create(const std::shared_ptr<region>& target, const range_request& request);
  clear_job(region& target, std::unique_ptr<work> keep, const range_request& request);

 protected:
  status act(range chunk) override;
  void conclude(job_outcome& outcome) override { outcome.apart = holes_; }

 private:
  status clear(range part);

  region& target_;  // kept by the work
  const bool holes_read_as_zeros_;
  std::atomic<size_t> holes_{0};
};

}  // namespace hugepages
