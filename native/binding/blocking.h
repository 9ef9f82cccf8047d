// Calls that block until somebody else acts: each on a thread of its own, off the event loop and off libuv's pool, which has four.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "binding/environment.h"
#include "core/job.h"

namespace hugepages::binding {

class blocking_call : public cancellable {
 public:
  // On a thread of its own. Gives up whatever keeps a region before it returns.
  virtual void run() = 0;
  // On the event loop, after run(): what the callback gets.
  virtual std::vector<napi_value> answer(Napi::Env env) = 0;
};

// How the ends of one environment's calls reach its event loop, which they keep alive.
class blocking_calls {
 public:
  explicit blocking_calls(Napi::Env env);
  blocking_calls(const blocking_calls&) = delete;
  blocking_calls& operator=(const blocking_calls&) = delete;
  ~blocking_calls() = default;

  // Takes onDone from the call. The blocking call is cancelled when `owner` is released, unless that is null. Returns a number for
  // cancel(number).
  uint64_t start(arguments& call, attachment* owner, std::shared_ptr<blocking_call> task);

  // When a call last had an answer, be it one that came without a thread.
  [[nodiscard]] std::chrono::steady_clock::time_point last_answer() const { return last_answer_; }
  void note_answer() { last_answer_ = std::chrono::steady_clock::now(); }

 private:
  struct running {
    std::shared_ptr<blocking_call> task;
    Napi::FunctionReference on_done;
    uint64_t number;
  };

  static void deliver(Napi::Env env, Napi::Function none, blocking_calls* self, running* ended);
  static void stop_at_teardown(void* self);
  using channel = Napi::TypedThreadSafeFunction<blocking_calls, running, deliver>;

  void run(running& one);
  running take(uint64_t number);

  channel channel_;
  std::chrono::steady_clock::time_point last_answer_;
  std::unordered_map<uint64_t, std::unique_ptr<running>> running_;
  std::mutex mutex_;
  std::condition_variable left_;
  size_t threads_ = 0;  // guarded by the mutex
};

}  // namespace hugepages::binding
