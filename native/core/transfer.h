// Filling a part of a region from a file, and the other way round.
#pragma once

#include <memory>

#include "core/data_file.h"
#include "core/range_job.h"

namespace hugepages {

struct transfer_request : range_request {  // any bytes of the region
  data_file_request file;                  // opened when the job runs
  size_t position = 0;                     // in the file
  bool store = false;                      // to the file
  bool truncate = false;                   // when nothing but the writes themselves can fail any more
  bool up_to = false;                      // of the part, as much as the file has
};

// A page that is missing and cannot be had is EFAULT, because system calls touch the memory. ENODATA: the file ends early. The outcome
// counts apart what went past the page cache, and notes why not everything did that could have.
class transfer_job : public range_job {
 public:
  // Null when the region is retired.
  static std::shared_ptr<transfer_job> create(const std::shared_ptr<region>& target, const transfer_request& request);
  transfer_job(std::unique_ptr<work> keep, const transfer_request& request);

 protected:
  status prepare(range& part) override;
  status act(range chunk) override;
  void conclude(job_outcome& outcome) override;

 private:
  const transfer_request request_;
  const uintptr_t start_of_part_;
  std::unique_ptr<data_file> file_;
  std::atomic<size_t> direct_{0};
};

}  // namespace hugepages
