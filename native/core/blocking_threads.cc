#include "core/blocking_threads.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "core/signals.h"

namespace hugepages {
namespace {

constexpr size_t most_threads = 4096;
constexpr std::chrono::seconds idle_limit(2);
// Smaller than a huge page: where THP is always on, the default of 8 MiB would take one for each thread.
constexpr size_t stack_size = size_t{256} << 10U;

}  // namespace

blocking_threads& blocking_threads::instance() {
  static auto& only = *new blocking_threads;
  return only;
}

status blocking_threads::run(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return start(std::move(task));
  worker& taken = *idle_.back();
  idle_.pop_back();
  taken.task = std::move(task);
  taken.given.notify_one();
  return done();
}

status blocking_threads::start(std::function<void()> task) {
  if (threads_ == most_threads) return failure{EAGAIN, "pthread_create"};
  auto made = std::make_unique<worker>();
  made->task = std::move(task);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_size);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const signals_blocked blocked;
  const int error = pthread_create(&thread, &attributes, thread_main, made.get());
  pthread_attr_destroy(&attributes);
  if (error != 0) return failure{error, "pthread_create"};
  (void)made.release();  // the thread's now
  threads_++;
  return done();
}

void* blocking_threads::thread_main(void* self) {
  const std::unique_ptr<worker> me(static_cast<worker*>(self));
  instance().serve(*me);
  return nullptr;
}

void blocking_threads::serve(worker& me) {
  std::unique_lock lock(mutex_);
  while (me.task) {
    lock.unlock();
    me.task();
    me.task = nullptr;
    lock.lock();
    idle_.push_back(&me);
    me.given.wait_for(lock, idle_limit, [&me] { return static_cast<bool>(me.task); });
  }
  idle_.erase(std::find(idle_.begin(), idle_.end(), &me));
  threads_--;
}

}  // namespace hugepages
