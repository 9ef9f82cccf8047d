// Long work: run on a thread that may block, stoppable and observable from others.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "core/result.h"

namespace hugepages {

struct job_outcome {
  size_t bytes = 0;    // done
  size_t threads = 0;  // that took part
  std::chrono::nanoseconds elapsed{0};
  bool cancelled = false;
  failure error{0, ""};  // why it ended early; error 0: it did not
  failure note{0, ""};   // why it could not be done as well as was hoped for; error 0: it could
};

class job {
 public:
  using observer = std::function<void(size_t bytes)>;

  job() = default;
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  virtual ~job() = default;

  // Blocks until the work is done, fails, or is cancelled. `observe` is called on the calling thread, at most 30 times a second and
  // once at the end of a success.
  virtual job_outcome run(const observer& observe) = 0;

  // From any thread, also before run().
  virtual void cancel() = 0;
};

}  // namespace hugepages
