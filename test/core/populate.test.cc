#include "core/populate.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "core/cpus.h"
#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

std::shared_ptr<hold> add(const map_request& request) { return registry::instance().add(map(request)); }

job_outcome populate_all(const std::shared_ptr<hold>& held, size_t threads, bool collapse = false) {
  populate_request request;
  request.part = held->target()->usable();
  request.threads = threads;
  request.collapse = collapse;
  return populate_job::create(held->target(), request)->run(nullptr);
}

map_request unreserved(size_t pages) {
  map_request request = request_for(backing_kind::hugetlb, pages);
  request.reserve = false;
  return request;
}

}  // namespace

TEST_CASE("populate: exactly the pages of the range, with any number of threads") {
  const pool exact(huge_page, 8);
  if (!exact) return;
  for (const size_t threads : {1, 2, 3, 7}) {  // 8 pages are not a multiple of 3 and 7
    CAPTURE(threads);
    const auto held = add(request_for(backing_kind::hugetlb, 8));
    const auto outcome = populate_all(held, threads);
    CHECK(outcome.error.error == 0);
    CHECK_FALSE(outcome.cancelled);
    CHECK(outcome.bytes == 8 * huge_page);
    CHECK(outcome.threads == threads);
    CHECK(outcome.elapsed.count() > 0);
    CHECK(exact.change() == counters{0, -8, 0, 0});
  }
}

TEST_CASE("populate: a part of a region, with data kept") {
  for_each_kind(6, [](const map_request& request) {
    const auto held = add(request);
    const range usable = held->target()->usable();
    byte_at(usable, 2 * request.page_size) = 42;
    const range part{usable.start + request.page_size, 3 * request.page_size};
    const auto outcome = populate_job::create(held->target(), {{part, 2, {}}, false})->run(nullptr);
    CHECK(outcome.bytes == part.length);
    CHECK(smaps_bytes(usable.start, "Rss") + smaps_bytes(usable.start, "Private_Hugetlb") == part.length);
    CHECK(byte_at(usable, 2 * request.page_size) == 42);
  });
}

TEST_CASE("populate: no more threads than pages, and none without") {
  CHECK(populate_all(add(request_for(backing_kind::base, 2)), 16).threads == 2);
  const auto held = add(request_for(backing_kind::base, 1));
  const auto outcome = populate_job::create(held->target(), {{{held->target()->usable().start, 0}, 4, {}}, false})->run(nullptr);
  CHECK(outcome.bytes == 0);
  CHECK_FALSE(outcome.cancelled);
  CHECK(smaps_bytes(held->target()->usable().start, "Rss") == 0);
}

TEST_CASE("populate: a pool that runs dry is an error that says how far it came") {
  const pool exact(huge_page, 5);
  if (!exact) return;
  for (const size_t threads : {1, 2, 4}) {
    CAPTURE(threads);
    const auto held = add(unreserved(16));
    const auto partial = populate_all(held, threads);
    CHECK(outcome(partial.error) == "madvise(MADV_POPULATE_WRITE): EFAULT");
    CHECK_FALSE(partial.cancelled);
    CHECK(partial.bytes == 5 * huge_page);
    CHECK(exact.change() == counters{0, -5, 0, 0});
  }
}

TEST_CASE("populate: a hole is an error") {
  const auto held = add(request_for(backing_kind::base, 8));
  const range usable = held->target()->usable();
  REQUIRE(munmap(range{usable.start + 4 * base_page_size(), 0}.pointer(), base_page_size()) == 0);
  const auto partial = populate_all(held, 1);
  CHECK(outcome(partial.error) == "madvise(MADV_POPULATE_WRITE): ENOMEM");
  CHECK(partial.bytes == 4 * base_page_size());
}

TEST_CASE("populate: cancelled before it starts it populates nothing") {
  const auto held = add(request_for(backing_kind::base, 8));
  const auto job = populate_job::create(held->target(), {{held->target()->usable(), 2, {}}, false});
  job->cancel();
  const auto outcome = job->run(nullptr);
  CHECK(outcome.cancelled);
  CHECK(outcome.error.error == 0);
  CHECK(outcome.bytes == 0);
}

TEST_CASE("populate: cancelled by another thread it stops and says how far it came") {
  map_request request = request_for(backing_kind::base, (size_t{4} << 30) / base_page_size());
  request.reserve = false;
  for (const size_t threads : {1, 2}) {
    CAPTURE(threads);
    const auto held = add(request);
    const auto job = populate_job::create(held->target(), {{held->target()->usable(), threads, {}}, false});
    std::atomic<bool> under_way{false};
    std::thread canceller([&] {
      while (!under_way) std::this_thread::yield();
      job->cancel();
    });
    const auto outcome = job->run([&](size_t, size_t) { under_way = true; });
    under_way = true;
    canceller.join();
    CHECK(outcome.cancelled);
    CHECK(outcome.error.error == 0);
    CHECK(outcome.bytes > 0);
    CHECK(outcome.bytes < request.length);
    CHECK(outcome.bytes == smaps_bytes(held->target()->usable().start, "Rss"));
  }
}

TEST_CASE("populate: progress rises, comes at most 30 times a second, and ends with all") {
  const auto held = add(request_for(backing_kind::base, (size_t{512} << 20) / base_page_size()));
  const auto job = populate_job::create(held->target(), {{held->target()->usable(), 2, {}}, false});
  std::vector<size_t> reports;
  const auto outcome = job->run([&](size_t bytes, size_t) { reports.push_back(bytes); });
  REQUIRE_FALSE(reports.empty());
  CHECK(std::is_sorted(reports.begin(), reports.end()));
  CHECK(reports.back() == held->target()->usable().length);
  CHECK(static_cast<double>(reports.size() - 1) <= 30 * std::chrono::duration<double>(outcome.elapsed).count());
}

TEST_CASE("populate: a region whose last hold is gone cannot be populated") {
  const auto held = add(request_for(backing_kind::base, 1));
  const auto target = held->target();
  held->release();
  CHECK(populate_job::create(target, {{target->usable(), 1, {}}, false}) == nullptr);
}

TEST_CASE("populate: pages of a region released meanwhile are back when the job is gone") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  const auto held = add(request_for(backing_kind::hugetlb, 4));
  auto job = populate_job::create(held->target(), {{held->target()->usable(), 2, {}}, false});
  held->release();
  CHECK(job->run(nullptr).bytes == 4 * huge_page);
  CHECK(exact.change() == counters{0, -4, 0, 0});
  job.reset();
  CHECK(exact.change() == counters{});
}

TEST_CASE("populate: collapses what came as base pages, where asked") {
  const thp_mode never("never");
  if (!never) return;
  for (const size_t threads : {1, 2}) {
    for (const bool collapse : {false, true}) {
      CAPTURE(threads);
      CAPTURE(collapse);
      const auto held = add(request_for(backing_kind::thp, 5));
      const auto populated = populate_all(held, threads, collapse);
      CHECK(populated.bytes == 5 * huge_page);
      CHECK(populated.note.error == 0);
      CHECK(smaps_bytes(held->target()->usable().start, "AnonHugePages") == (collapse ? 5 * huge_page : 0));
    }
  }
}

TEST_CASE("populate: what cannot be collapsed is populated all the same") {
  const auto held = add(request_for(backing_kind::base, 2 * huge_page / base_page_size()));
  const auto populated = populate_all(held, 1, true);
  CHECK(populated.error.error == 0);
  CHECK(populated.bytes == 2 * huge_page);
  CHECK(outcome(populated.note) == "madvise(MADV_COLLAPSE): EINVAL");
}

TEST_CASE("populate: on given CPUs") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const auto held = add(request_for(backing_kind::hugetlb, 2));
  const auto before = allowed_cpus();
  const auto outcome = populate_job::create(held->target(), {{held->target()->usable(), 1, {before.back()}}, false})->run(nullptr);
  CHECK(outcome.bytes == 2 * huge_page);
  CHECK(allowed_cpus() == before);
}
