#include "core/range_job.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr size_t unit = 4096;

// Notes its chunks instead of working on them, and fails at one address.
class recorder : public range_job {
 public:
  recorder(const std::shared_ptr<hold>& held, range_request request, size_t origin_offset, uintptr_t bad = 0)
      : range_job(work::begin(held->target()), std::move(request), unit, held->target()->usable().start + origin_offset), bad_(bad) {}

  std::vector<range> chunks() {
    std::sort(chunks_.begin(), chunks_.end(), [](range left, range right) { return left.start < right.start; });
    return chunks_;
  }

 protected:
  status act(range chunk) override {
    const std::lock_guard lock(mutex_);
    chunks_.push_back(chunk);
    if (chunk.start <= bad_ && bad_ < chunk.end()) return failure{EFAULT, "act"};
    return done();
  }

 private:
  std::mutex mutex_;
  std::vector<range> chunks_;
  uintptr_t bad_;
};

// Whether the chunks are the part, each byte once, cut only at multiples of the unit from `origin`.
bool cover(const std::vector<range>& chunks, range part, uintptr_t origin) {
  uintptr_t at = part.start;
  for (const range& chunk : chunks) {
    if (chunk.start != at || (at != part.start && (at - origin) % unit != 0)) return false;
    at = chunk.end();
  }
  return at == part.end();
}

}  // namespace

TEST_CASE("range job: chunks cover the part once, and are cut at multiples of the unit from the origin") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, size_t{16} << 8U)));  // 16 MiB, never touched
  const range whole = held->target()->usable();
  for (const size_t offset : {size_t{0}, size_t{100}, size_t{4095}}) {
    for (const size_t origin : {size_t{0}, std::min<size_t>(offset, 7)}) {
      for (const size_t length : {size_t{0}, size_t{1}, unit, 3 * unit + 5, whole.length - offset}) {
        for (const size_t threads : {1, 2, 3, 16}) {
          CAPTURE(offset);
          CAPTURE(origin);
          CAPTURE(length);
          CAPTURE(threads);
          const range part{whole.start + offset, length};
          recorder job(held, {part, threads, {}}, origin);
          const auto outcome = job.run(nullptr);
          CHECK(cover(job.chunks(), part, whole.start + origin));
          CHECK(outcome.bytes == length);
          CHECK(outcome.threads <= threads);
          CHECK_FALSE(outcome.cancelled);
        }
      }
    }
  }
}

TEST_CASE("range job: the first failure ends it, and counts nothing of its chunk") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, size_t{64} << 8U)));
  const range whole = held->target()->usable();
  recorder job(held, {whole, 1, {}}, 0, whole.start + (size_t{5} << 20U));
  const auto failed = job.run(nullptr);
  CHECK(outcome(failed.error) == "act: EFAULT");
  CHECK_FALSE(failed.cancelled);
  CHECK(failed.bytes == job.chunks().back().start - whole.start);
  CHECK(failed.bytes < whole.length);
}

TEST_CASE("range job: cancelled before it starts it does nothing") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 8)));
  recorder job(held, {held->target()->usable(), 2, {}}, 0);
  job.cancel();
  const auto outcome = job.run(nullptr);
  CHECK(outcome.cancelled);
  CHECK(job.chunks().empty());
}
