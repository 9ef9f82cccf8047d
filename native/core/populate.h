// Populating a part of a region.
#pragma once

#include "core/range_job.h"

namespace hugepages {

struct populate_request : range_request {  // whole pages of the region
  bool collapse = false;                   // afterwards, ask for huge pages where there are none
};

// Its outcome counts the bytes of the range that are present, whoever populated them, and notes what could not be collapsed.
class populate_job : public range_job {
 public:
  // Null when the region is retired.
  static std::shared_ptr<populate_job> create(std::shared_ptr<region> target, const populate_request& request);
  populate_job(size_t page_size, std::unique_ptr<work> keep, const populate_request& request);

 protected:
  status act(range chunk) override;
  void conclude(job_outcome& outcome) override;

 private:
  void collapse_pass(job_outcome& outcome);

  const size_t page_size_;
  const bool collapse_;
};

}  // namespace hugepages
