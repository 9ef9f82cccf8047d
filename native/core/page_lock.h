// Between threads of ours that store into the pages of a region and whoever takes pages away, or forbids stores: the next store would be
// a signal. Those that store do so at the same time; one that waits to take pages away goes before stores that have not begun.
#pragma once

#include <condition_variable>
#include <mutex>

namespace hugepages {

// For std::shared_lock and std::lock_guard. Not std::shared_mutex, by which readers that follow each other keep a writer out.
class page_lock {
 public:
  void lock_shared() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return taking_ == 0; });
    storing_++;
  }
  void unlock_shared() {
    const std::lock_guard lock(mutex_);
    if (--storing_ == 0) changed_.notify_all();
  }
  void lock() {
    std::unique_lock lock(mutex_);
    taking_++;
    changed_.wait(lock, [this] { return storing_ == 0 && !taken_; });
    taken_ = true;
  }
  void unlock() {
    const std::lock_guard lock(mutex_);
    taken_ = false;
    taking_--;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t storing_ = 0;
  size_t taking_ = 0;  // waiting ones included
  bool taken_ = false;
};

}  // namespace hugepages
