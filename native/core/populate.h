// The populate engine: a range of a region, populated by several threads in slices, stoppable and observable.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "core/region.h"

namespace hugepages {

struct populate_request {
  range part;             // whole pages of the region
  size_t threads = 1;     // fewer are made when there are fewer pages
  std::vector<int> cpus;  // empty: wherever the scheduler likes
  bool collapse = false;  // afterwards, ask for huge pages where there are none
};

struct populate_outcome {
  size_t populated = 0;  // bytes of the range that are present
  size_t threads = 0;    // that took part
  std::chrono::nanoseconds elapsed{0};
  bool cancelled = false;
  failure error{0, ""};           // why it ended early; error 0: it did not
  failure collapse_error{0, ""};  // why not everything could be collapsed
};

class populate_job {
 public:
  using observer = std::function<void(size_t bytes)>;

  // Null when the region is retired.
  static std::shared_ptr<populate_job> create(std::shared_ptr<region> target, populate_request request);
  populate_job(size_t page_size, std::unique_ptr<work> keep, populate_request request);

  // Blocks until the range is populated, a page fails, or cancel(). `observe` is called on the calling thread, at most 30 times a
  // second and once at the end of a success.
  populate_outcome run(const observer& observe);

  // From any thread; takes effect at the end of the chunks under way.
  void cancel() { stop_ = true; }

 private:
  using chunk_action = std::function<status(range)>;

  failure pass(const chunk_action& action, const observer& observe);
  failure work_through(range slice, const chunk_action& action);
  void collapse_pass(populate_outcome& outcome);
  [[nodiscard]] std::vector<range> slices(size_t count) const;

  const size_t page_size_;
  const std::unique_ptr<work> keep_;
  const populate_request request_;
  std::atomic<bool> stop_{false};    // asked from outside
  std::atomic<bool> failed_{false};  // one thread failed: the others need not go on
  std::atomic<size_t> bytes_{0};     // populated so far
  size_t threads_ = 1;
};

}  // namespace hugepages
