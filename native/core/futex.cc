#include "core/futex.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <ctime>

#include "core/uapi.h"

namespace hugepages {
namespace {

constexpr std::chrono::milliseconds slice_without_waitv(10);

timespec absolute(futex_clock::time_point moment) {
  const auto since = std::max(moment.time_since_epoch(), futex_clock::duration::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((since - seconds).count())};
}

// One futex_waitv(2) waits for several words, Linux 5.16. Security policies that do not know it answer EPERM.
bool has_waitv() {
  static const bool present = syscall(SYS_futex_waitv, nullptr, 0, 0, nullptr, 0) != 0 && errno == EINVAL;
  return present;
}

}  // namespace

result<futex_outcome> futex_wait(futex_word word, futex_deadline until) {
  const timespec moment = until ? absolute(*until) : timespec{};
  for (;;) {
    // FUTEX_WAIT takes a relative timeout, which an interrupted call would begin again.
    const auto* limit = until ? &moment : nullptr;
    if (syscall(SYS_futex, word.address, FUTEX_WAIT_BITSET, word.expected, limit, nullptr, FUTEX_BITSET_MATCH_ANY) == 0) {
      return futex_outcome::woken;
    }
    if (errno == EAGAIN) return futex_outcome::not_equal;
    if (errno == ETIMEDOUT) return futex_outcome::timed_out;
    if (errno != EINTR) return last_failure("futex(FUTEX_WAIT)");
  }
}

result<bool> futex_equal(futex_word word) {
  // Wakes nobody and moves nobody: what is left is the comparison.
  static uint32_t nobody = 0;
  if (syscall(SYS_futex, word.address, FUTEX_CMP_REQUEUE, 0, 0UL, &nobody, word.expected) >= 0) return true;
  if (errno == EAGAIN) return false;
  return last_failure("futex(FUTEX_CMP_REQUEUE)");
}

result<size_t> futex_wake(uintptr_t address, size_t count) {
  if (count == 0) return size_t{0};  // the kernel would wake one
  const auto most = static_cast<int>(std::min<size_t>(count, INT_MAX));
  const long woken = syscall(SYS_futex, address, FUTEX_WAKE, most);
  if (woken < 0) return last_failure("futex(FUTEX_WAKE)");
  return static_cast<size_t>(woken);
}

result<futex_outcome> futex_wait(futex_word word, futex_deadline until, std::chrono::milliseconds slice,
                                 const std::function<bool()>& go_on) {
  for (bool first = true; first || go_on(); first = false) {
    const auto pause = futex_clock::now() + slice;
    const bool last = until && *until <= pause;
    const auto waited = futex_wait(word, last ? until : pause);
    if (!waited.ok()) return waited.error();
    if (waited.value() == futex_outcome::not_equal && !first) return futex_outcome::woken;
    if (waited.value() != futex_outcome::timed_out || last) return waited.value();
  }
  return futex_outcome::cancelled;
}

result<bool> futex_spin(futex_word word, std::chrono::nanoseconds budget) {
  for (const auto until = futex_clock::now() + budget; futex_clock::now() < until;) {
    sched_yield();  // whoever is to answer may wait for this processor
    const auto equal = futex_equal(word);
    if (!equal.ok()) return equal.error();
    if (!equal.value()) return true;
  }
  return false;
}

result<futex_outcome> futex_waiter::run() {
  auto waited = has_waitv() ? run_on_both() : futex_wait(word_, until_, slice_without_waitv, [this] { return cancelled_ == 0; });
  keep_.reset();
  // It held what is expected when the wait was asked for.
  if (waited.ok() && waited.value() == futex_outcome::not_equal) return futex_outcome::woken;
  return waited;
}

result<futex_outcome> futex_waiter::run_on_both() {
  uapi::futex_waitv words[2] = {{word_.expected, word_.address, uapi::futex_32, 0},
                                {0, reinterpret_cast<uintptr_t>(&cancelled_), uapi::futex_32 | uapi::futex_private, 0}};
  const timespec moment = until_ ? absolute(*until_) : timespec{};
  for (;;) {
    const long woken = syscall(SYS_futex_waitv, words, 2, 0, until_ ? &moment : nullptr, CLOCK_MONOTONIC);
    const int error = woken < 0 ? errno : 0;
    if (woken == 0) return futex_outcome::woken;
    if (cancelled_ != 0) return futex_outcome::cancelled;
    if (error == EAGAIN) return futex_outcome::woken;
    if (error == ETIMEDOUT) return futex_outcome::timed_out;
    if (error != 0 && error != EINTR) return failure{error, "futex_waitv"};
  }
}

void futex_waiter::cancel() {
  cancelled_ = 1;
  (void)syscall(SYS_futex, &cancelled_, FUTEX_WAKE_PRIVATE, INT_MAX);
}

}  // namespace hugepages
