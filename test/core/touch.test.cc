#include "core/touch.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <atomic>
#include <string>
#include <thread>

#include "core/probe.h"
#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

struct engine {
  const char* name;
  status (*populate)(range part, size_t page_size);
  const char* call;
  const char* read_only;  // what populating read-only memory gives
  const char* hole;       // what populating a hole gives
};

status by_madvise(range part, size_t) { return populate_by_madvise(part); }

constexpr const char* madvise_call = "madvise(MADV_POPULATE_WRITE)";
constexpr const char* futex_call = "futex(FUTEX_WAKE_OP)";
constexpr engine madvise_engine{"madvise", by_madvise, madvise_call, "EINVAL", "ENOMEM"};
constexpr engine futex_engine{"futex", populate_by_futex, futex_call, "EFAULT", "EFAULT"};

template <class Body>
void for_each_engine(Body body) {
  for (const engine& one : {madvise_engine, futex_engine}) {
    INFO("engine: " << std::string(one.name));
    if (one.populate == by_madvise && !needs(has_populate_write(), obstacle::machine, "no MADV_POPULATE_WRITE before Linux 5.14")) continue;
    body(one);
  }
}

std::string error_of(const engine& one, const char* error) { return std::string(one.call) + ": " + error; }

}  // namespace

TEST_CASE("touch: both engines populate every page of the range and no other") {
  for_each_engine([](const engine& one) {
    for_each_kind(6, [&](const map_request& request) {
      const mapping made = map(request);
      const range part{made.usable().start + request.page_size, 4 * request.page_size};
      CHECK(outcome(one.populate(part, request.page_size)) == "ok");
      CHECK(present_bytes(part).value() == part.length);
      CHECK(present_bytes(made.usable()).value() == part.length);
    });
  });
}

TEST_CASE("touch: both engines take exactly the pages of the range from the pool") {
  for_each_engine([](const engine& one) {
    const pool exact(huge_page, 4);
    if (!exact) return;
    const mapping made = map(request_for(backing_kind::hugetlb, 4));
    CHECK(outcome(one.populate({made.usable().start + huge_page, 2 * huge_page}, huge_page)) == "ok");
    CHECK(exact.change() == counters{0, -2, 2, 0});
  });
}

TEST_CASE("touch: both engines keep what the pages hold") {
  for_each_engine([](const engine& one) {
    for_each_kind(2, [&](const map_request& request) {
      const mapping made = map(request);
      for (size_t offset = 0; offset < request.length; offset += 997) byte_at(made.usable(), offset) = static_cast<unsigned char>(offset);
      CHECK(outcome(one.populate(made.usable(), request.page_size)) == "ok");
      bool kept = true;
      for (size_t offset = 0; offset < request.length; offset += 997) {
        kept = kept && byte_at(made.usable(), offset) == static_cast<unsigned char>(offset);
      }
      CHECK(kept);
    });
  });
}

TEST_CASE("touch: no increment of another thread is lost") {
  for_each_engine([](const engine& one) {
    for_each_kind(1, [&](const map_request& request) {
      const mapping made = map(request);
      // The word that the futex engine writes to.
      auto& word = *static_cast<std::atomic<uint32_t>*>(made.usable().pointer());
      constexpr uint32_t increments = 200'000;
      std::atomic<bool> finished{false};
      std::thread incrementer([&] {
        for (uint32_t i = 0; i < increments; i++) word++;
        finished = true;
      });
      bool populated = true;
      while (!finished) populated = one.populate(made.usable(), request.page_size).ok() && populated;
      incrementer.join();
      CHECK(populated);
      CHECK(word == increments);
    });
  });
}

TEST_CASE("touch: an empty pool is an error, not a signal") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  map_request request = request_for(backing_kind::hugetlb, 1);
  request.reserve = false;
  const mapping made = map(request);
  for_each_engine([&](const engine& one) { CHECK(outcome(one.populate(made.usable(), huge_page)) == error_of(one, "EFAULT")); });
}

TEST_CASE("touch: read-only memory is an error") {
  for_each_engine([](const engine& one) {
    for_each_kind(1, [&](const map_request& request) {
      const mapping made = map(request);
      REQUIRE(mprotect(made.usable().pointer(), request.length, PROT_READ) == 0);
      CHECK(outcome(one.populate(made.usable(), request.page_size)) == error_of(one, one.read_only));
    });
  });
}

TEST_CASE("touch: a hole is an error, and the pages before it are there") {
  for_each_engine([](const engine& one) {
    const mapping made = map(request_for(backing_kind::base, 3));
    const range hole{made.usable().start + base_page_size(), base_page_size()};
    REQUIRE(munmap(hole.pointer(), hole.length) == 0);
    CHECK(outcome(one.populate(made.usable(), base_page_size())) == error_of(one, one.hole));
    CHECK(present_bytes({made.usable().start, base_page_size()}).value() == base_page_size());
  });
}

TEST_CASE("touch: madvise where the kernel has it, the futex elsewhere") {
  const mapping made = map(request_for(backing_kind::base, 1));
  CHECK(has_populate_write() == (madvise(made.usable().pointer(), base_page_size(), 23 /* MADV_POPULATE_WRITE */) == 0));
  REQUIRE(mprotect(made.usable().pointer(), base_page_size(), PROT_READ) == 0);
  const auto& expected = has_populate_write() ? madvise_engine : futex_engine;
  CHECK(outcome(populate(made.usable(), base_page_size())) == error_of(expected, expected.read_only));
}

TEST_CASE("touch: collapse makes huge pages of base pages and keeps what they hold") {
  const thp_mode never("never");
  if (!never) return;
  const mapping made = map(request_for(backing_kind::thp, 2));
  touch(made.usable(), base_page_size(), 11);
  REQUIRE(smaps_bytes(made.usable().start, "AnonHugePages") == 0);
  CHECK(outcome(collapse(made.usable())) == "ok");
  CHECK(smaps_bytes(made.usable().start, "AnonHugePages") == 2 * huge_page);
  CHECK(holds(made.usable(), base_page_size(), 11));
  CHECK(outcome(collapse(made.usable())) == "ok");
}

TEST_CASE("touch: collapse says what it cannot") {
  const std::string invalid = "madvise(MADV_COLLAPSE): EINVAL";
  const mapping base = map(request_for(backing_kind::base, 2 * huge_page / base_page_size()));
  touch(base.usable(), base_page_size());
  CHECK(outcome(collapse(base.usable())) == invalid);
  const pool exact(huge_page, 1);
  if (!exact) return;
  const mapping hugetlb = map(request_for(backing_kind::hugetlb, 1));
  CHECK(outcome(collapse(hugetlb.usable())) == invalid);
}
