#include "core/measurement.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <thread>

#include "core/cpus.h"
#include "core/touch.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

measure_request chase_of(range part, size_t stride) {
  measure_request request;
  request.part = part;
  request.lines = line_set(stride, part.length / stride);
  request.lay = true;
  request.warm_up = 10;
  request.block = 100;
  request.blocks = 5;
  request.cpu = allowed_cpus().back();
  return request;
}

int error_of(const result<measured_sample>& sample) { return sample.ok() ? 0 : sample.error().error; }

}  // namespace

TEST_CASE("measurement: as many blocks as were asked for, in every pattern, on every backing") {
  for_each_kind(2, [](const map_request& request) {
    const auto held = registry::instance().add(map(request));
    for (const auto pattern : {access_pattern::chase, access_pattern::gather, access_pattern::scatter, access_pattern::read,
                               access_pattern::write, access_pattern::wander}) {
      auto asked = chase_of(held->target()->usable(), 64);
      asked.pattern = pattern;
      const auto sample = measurement::create(held->target(), asked)->run();
      REQUIRE(error_of(sample) == 0);
      CHECK(sample.value().nanoseconds.size() == 5);
      for (const double each : sample.value().nanoseconds) CHECK(each > 0);
      CHECK(sample.value().clock > 0);
      CHECK(sample.value().pinning.error == 0);
    }
  });
}

TEST_CASE("measurement: takes the pages of its part and no others") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  const auto held = registry::instance().add(map(request_for(backing_kind::hugetlb, 4)));
  const range whole = held->target()->usable();
  CHECK(error_of(measurement::create(held->target(), chase_of({whole.start + huge_page, huge_page}, 4096))->run()) == 0);
  CHECK(exact.change() == counters{0, -1, 3, 0});
}

TEST_CASE("measurement: a page that cannot be had is an error") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  auto request = request_for(backing_kind::hugetlb, 2);
  request.reserve = false;
  const auto held = registry::instance().add(map(request));
  CHECK(error_of(measurement::create(held->target(), chase_of(held->target()->usable(), 4096))->run()) == EFAULT);
}

TEST_CASE("measurement: a cycle that somebody has spoilt is an error") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 2)));
  const range whole = held->target()->usable();
  touch(whole, 1, 0xff);
  auto asked = chase_of(whole, 64);
  asked.lay = false;
  CHECK(error_of(measurement::create(held->target(), asked)->run()) == EILSEQ);
}

TEST_CASE("measurement: no access meets a page that is taken away meanwhile") {
  const pool exact(huge_page, 2);
  if (!exact || !needs(has_populate_write(), obstacle::machine, "no MADV_POPULATE_WRITE before Linux 5.14")) return;
  const auto held = registry::instance().add(map(request_for(backing_kind::hugetlb, 2)));
  auto& target = *held->target();
  std::atomic<bool> finished{false};
  std::thread taker([&] {
    while (!finished) {
      const std::lock_guard lock(target.pages());
      madvise(target.usable().pointer(), target.usable().length, MADV_DONTNEED);
    }
  });
  for (int round = 0; round < 100; round++) {
    const int error = error_of(measurement::create(held->target(), chase_of(target.usable(), 4096))->run());
    CHECK(error == 0);
  }
  finished = true;
  taker.join();
}

TEST_CASE("measurement: ends when it is cancelled, before and on the way") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 2)));
  auto asked = chase_of(held->target()->usable(), 64);
  const auto never = measurement::create(held->target(), asked);
  never->cancel();
  CHECK(error_of(never->run()) == ECANCELED);
  asked.block = size_t{1} << 40U;
  const auto endless = measurement::create(held->target(), asked);
  std::thread stopper([&] { endless->cancel(); });
  CHECK(error_of(endless->run()) == ECANCELED);
  stopper.join();
}

TEST_CASE("measurement: a CPU that is not there is noted, and the thread runs where it could before") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 1)));
  const auto before = allowed_cpus();
  auto asked = chase_of(held->target()->usable(), 64);
  CHECK(error_of(measurement::create(held->target(), asked)->run()) == 0);
  CHECK(allowed_cpus() == before);
  asked.cpu = 8191;
  const auto sample = measurement::create(held->target(), asked)->run();
  REQUIRE(error_of(sample) == 0);
  CHECK(sample.value().pinning.error == EINVAL);
  CHECK(allowed_cpus() == before);
}

TEST_CASE("measurement: each counter has a value or an error") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 1)));
  auto asked = chase_of(held->target()->usable(), 64);
  asked.counters = {{0, 1}, {9999, 0}};  // PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS; no type at all
  const auto sample = measurement::create(held->target(), asked)->run();
  REQUIRE(error_of(sample) == 0);
  REQUIRE(sample.value().counters.size() == 2);
  const auto& instructions = sample.value().counters[0];
  CHECK((instructions.error != 0 || instructions.value > 500));
  CHECK(sample.value().counters[1].error != 0);
}

TEST_CASE("measurement: a region whose last hold is gone has nothing to measure") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 1)));
  const auto target = held->target();
  const range part = target->usable();
  held->release();
  CHECK(measurement::create(target, chase_of(part, 64)) == nullptr);
}
