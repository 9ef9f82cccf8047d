// A part of a region, worked through in chunks by several threads, each of which has a slice of its own.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "core/job.h"
#include "core/region.h"

namespace hugepages {

struct range_request {
  range part;
  size_t threads = 1;     // fewer are made when there are fewer units
  std::vector<int> cpus;  // empty: wherever the scheduler likes
};

class range_job : public job {
 public:
  job_outcome run(const observer& observe) final;

  // Takes effect at the end of the chunks under way.
  void cancel() final { stop_ = true; }

 protected:
  // Slices and chunks begin and end at multiples of `unit` from `origin`, which is less than one unit in front of the part, as far as the
  // part goes.
  range_job(std::unique_ptr<work> keep, range_request request, size_t unit, uintptr_t origin);

  // Before the first chunk, on the thread that runs the job. May make the part shorter.
  virtual status prepare(range& /*part*/) { return done(); }

  // On one of several threads, for chunks that do not overlap. A failure ends the job.
  virtual status act(range chunk) = 0;

  // After the last chunk, whatever came of it.
  virtual void conclude(job_outcome& /*outcome*/) {}

  using chunk_action = std::function<status(range)>;
  // Goes through the part with another action.
  failure pass(const chunk_action& action, const observer& observe);

  [[nodiscard]] const range& part() const { return request_.part; }
  [[nodiscard]] bool stopped() const { return stop_; }

 private:
  failure work_through(range slice, const chunk_action& action);
  [[nodiscard]] std::vector<range> slices(size_t count) const;
  [[nodiscard]] size_t units() const;

  const std::unique_ptr<work> keep_;
  range_request request_;
  const size_t unit_;
  const uintptr_t origin_;
  std::atomic<bool> stop_{false};    // asked from outside
  std::atomic<bool> failed_{false};  // one thread failed: the others need not go on
  std::atomic<size_t> bytes_{0};     // done so far
  size_t threads_ = 1;
};

}  // namespace hugepages
