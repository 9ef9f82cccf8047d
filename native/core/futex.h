// Waiting on a 32-bit word of a mapping until somebody wakes it, in this process or in another: futex(2). Never with
// FUTEX_PRIVATE_FLAG, by which the kernel would not look for waiters of other processes.
//
// A word that is on no page, and cannot be put on one, is EFAULT, where a load would be SIGBUS.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "core/region.h"

namespace hugepages {

struct futex_word {
  uintptr_t address;  // a multiple of 4
  uint32_t expected;
};

using futex_clock = std::chrono::steady_clock;                  // CLOCK_MONOTONIC
using futex_deadline = std::optional<futex_clock::time_point>;  // none: forever

enum class futex_outcome {
  woken,  // or the word changed after the call
  not_equal,
  timed_out,
  cancelled
};

// Whether the word holds what is expected. Does not block.
result<bool> futex_equal(futex_word word);

// Wakes up to `count` waiters of all processes. Returns how many.
result<size_t> futex_wake(uintptr_t address, size_t count);

// Blocks.
result<futex_outcome> futex_wait(futex_word word, futex_deadline until);

// Blocks. `go_on` is asked after every `slice`; false ends the wait as cancelled.
result<futex_outcome> futex_wait(futex_word word, futex_deadline until, std::chrono::milliseconds slice,
                                 const std::function<bool()>& go_on);

// Looks at the word again and again for at most `budget`: a wake-up by the kernel takes longer than an answer that is on its way.
// Returns whether it changed.
result<bool> futex_spin(futex_word word, std::chrono::nanoseconds budget);

// One wait for a word that was seen to hold what is expected. Keeps the region's pages until it has ended.
class futex_waiter {
 public:
  futex_waiter(std::unique_ptr<work> keep, futex_word word, futex_deadline until) : keep_(std::move(keep)), word_(word), until_(until) {}

  // Blocks.
  result<futex_outcome> run();

  // From any thread, also before run().
  void cancel();

 private:
  result<futex_outcome> run_on_both();

  std::unique_ptr<work> keep_;
  const futex_word word_;
  const futex_deadline until_;
  std::atomic<uint32_t> cancelled_{0};  // a futex as well
};

}  // namespace hugepages
