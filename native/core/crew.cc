#include "core/crew.h"

#include <system_error>

#include "core/cpus.h"
#include "core/signals.h"

namespace hugepages {
crew::crew(size_t count, const std::vector<int>& cpus) {
  const signals_blocked blocked;
  threads_.reserve(count);
  for (size_t index = 0; index < count; index++) {
    try {
      threads_.emplace_back([this, index, cpus] {
        if (!cpus.empty()) (void)pin_this_thread(cpus);  // where they are gone, elsewhere
        thread_main(index);
      });
    } catch (const std::system_error&) {
      return;  // RLIMIT_NPROC, pids.max, memory: go on with those that there are
    }
  }
}

crew::~crew() {
  {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  gate_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void crew::run(const std::function<void(size_t)>& task, std::chrono::milliseconds interval, const std::function<void()>& meanwhile) {
  std::unique_lock lock(mutex_);
  task_ = &task;
  working_ = threads_.size();
  open_ = true;
  gate_.notify_all();
  while (!finished_.wait_for(lock, interval, [this] { return working_ == 0; })) {
    lock.unlock();
    meanwhile();
    lock.lock();
  }
}

void crew::thread_main(size_t index) {
  std::unique_lock lock(mutex_);
  gate_.wait(lock, [this] { return open_; });
  if (task_ == nullptr) return;
  lock.unlock();
  (*task_)(index);
  lock.lock();
  if (--working_ == 0) finished_.notify_one();
}

}  // namespace hugepages
