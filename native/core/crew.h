// Threads that all exist before the first of them works: creating a thread maps its stack, which would wait for the page faults of
// those that already populate.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hugepages {

class crew {
 public:
  // Makes up to `count` threads, fewer when the system gives no more. They are kept on `cpus` unless that is empty.
  crew(size_t count, const std::vector<int>& cpus);
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  // Joins; threads that were never started just end.
  ~crew();

  [[nodiscard]] size_t size() const { return threads_.size(); }

  // Lets each thread call task(its index) once, and returns when all have. Calls `meanwhile` about every `interval`.
  void run(const std::function<void(size_t)>& task, std::chrono::milliseconds interval, const std::function<void()>& meanwhile);

 private:
  void thread_main(size_t index);

  std::mutex mutex_;
  std::condition_variable gate_;
  std::condition_variable finished_;
  const std::function<void(size_t)>* task_ = nullptr;  // set when the gate opens
  bool open_ = false;
  size_t working_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace hugepages
