// Threads for calls that block for long: each call has one for itself, and leaves it to the next.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "core/result.h"

namespace hugepages {

class blocking_threads {
 public:
  // Never destroyed: threads may still wait while the process exits.
  static blocking_threads& instance();

  // EAGAIN when there are 4,096, or the system gives no more.
  status run(std::function<void()> task);

 private:
  struct worker {
    std::condition_variable given;
    std::function<void()> task;
  };

  static void* thread_main(void* self);
  void serve(worker& me);
  status start(std::function<void()> task);

  std::mutex mutex_;
  std::vector<worker*> idle_;  // the last one to become idle is the first to be taken: its stack is in the processor's caches
  size_t threads_ = 0;
};

}  // namespace hugepages
