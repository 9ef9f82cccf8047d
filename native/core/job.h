// Long work: run on a thread that may block, stoppable and observable from others.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "core/result.h"

namespace hugepages {

struct job_outcome {
  size_t bytes = 0;    // done
  size_t apart = 0;    // that this kind of job counts apart
  size_t threads = 0;  // that took part
  std::chrono::nanoseconds elapsed{0};
  bool cancelled = false;
  failure error{0, ""};  // why it ended early; error 0: it did not
  failure note{0, ""};   // why it could not be done as well as was hoped for; error 0: it could
};

class cancellable {
 public:
  cancellable() = default;
  cancellable(const cancellable&) = delete;
  cancellable& operator=(const cancellable&) = delete;
  virtual ~cancellable() = default;

  // From any thread, also before the work begins.
  virtual void cancel() = 0;
};

class job : public cancellable {
 public:
  using observer = std::function<void(size_t bytes, size_t total)>;

  // Blocks until the work is done, fails, or is cancelled. `observe` is called on the calling thread, at most 30 times a second and
  // once at the end of a success.
  virtual job_outcome run(const observer& observe) = 0;
};

}  // namespace hugepages
