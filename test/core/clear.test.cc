#include "core/clear.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "core/touch.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

job_outcome clear(const std::shared_ptr<hold>& held, range part, size_t threads = 2) {
  return clear_job::create(held->target(), {part, threads, {}})->run(nullptr);
}

// Whether exactly `part` of `whole`, which was full of `value`, is zero.
bool only_zero_in(range part, range whole, unsigned char value) {
  const auto* const bytes = static_cast<const unsigned char*>(whole.pointer());
  for (size_t offset = 0; offset < whole.length; offset++) {
    const uintptr_t address = whole.start + offset;
    const bool inside = address >= part.start && address < part.end();
    if (bytes[offset] != (inside ? 0 : value)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("clear: stores zeros to exactly the bytes of a range") {
  std::vector<unsigned char> memory(1024);
  const range whole{reinterpret_cast<uintptr_t>(memory.data()), memory.size()};
  for (size_t start = 100; start < 170; start++) {
    for (const size_t length : {0, 1, 15, 16, 63, 64, 65, 127, 128, 129, 500}) {
      memset(memory.data(), 7, memory.size());
      const range part{whole.start + start, length};
      store_zeros(part);
      REQUIRE(only_zero_in(part, whole, 7));
    }
  }
}

TEST_CASE("clear: exactly the bytes of the part, on every backing, with any number of threads") {
  for_each_kind(4, [](const map_request& request) {
    const auto held = registry::instance().add(map(request));
    const range whole = held->target()->usable();
    const size_t page = request.page_size;
    for (const size_t threads : {1, 3}) {
      for (const range part :
           {whole, range{whole.start + 1, page}, range{whole.start + page - 3, 2 * page + 5}, range{whole.start + 9, 0}}) {
        memset(whole.pointer(), 9, whole.length);
        const auto cleared = clear(held, part, threads);
        CHECK(cleared.error.error == 0);
        CHECK(cleared.bytes == part.length);
        CHECK(only_zero_in(part, whole, 9));
      }
    }
  });
}

TEST_CASE("clear: takes the pages that are absent, and no others") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  const auto held = registry::instance().add(map(request_for(backing_kind::hugetlb, 4)));
  const range whole = held->target()->usable();
  CHECK(clear(held, {whole.start + huge_page, 2 * huge_page}).bytes == 2 * huge_page);
  CHECK(exact.change() == counters{0, -2, 2, 0});
  CHECK(clear(held, {whole.start + huge_page, 2 * huge_page}).bytes == 2 * huge_page);
  CHECK(exact.change() == counters{0, -2, 2, 0});
}

TEST_CASE("clear: leaves holes alone and counts them") {
  const pool exact(huge_page, 2);
  if (!exact || !needs(has_populate_write(), obstacle::machine, "no MADV_POPULATE_WRITE before Linux 5.14")) return;
  map_request request = request_for(backing_kind::hugetlb, 5);
  request.reserve = false;
  const auto held = registry::instance().add(map(request));
  const range whole = held->target()->usable();
  byte_at(whole, 1 * huge_page + 1) = 3;
  byte_at(whole, 3 * huge_page + 1) = 3;
  const auto cleared = clear(held, {whole.start + 1, whole.length - 1}, 1);
  CHECK(cleared.error.error == 0);
  CHECK_FALSE(cleared.cancelled);
  CHECK(cleared.bytes == whole.length - 1);
  CHECK(cleared.apart == 3 * huge_page - 1);
  CHECK(byte_at(whole, 1 * huge_page + 1) == 0);
  CHECK(byte_at(whole, 3 * huge_page + 1) == 0);
}

TEST_CASE("clear: a read-only page is an error") {
  for_each_kind(2, [](const map_request& request) {
    const auto held = registry::instance().add(map(request));
    const range whole = held->target()->usable();
    touch(whole, request.page_size);
    REQUIRE(mprotect(whole.pointer(), whole.length, PROT_READ) == 0);
    const auto refused = clear(held, whole);
    CHECK(refused.error.error != 0);
    CHECK(refused.bytes == 0);
    CHECK(holds(whole, request.page_size, 1));
  });
}

TEST_CASE("clear: no store meets a page that is taken away or read-only meanwhile") {
  const pool exact(huge_page, 2);
  if (!exact || !needs(has_populate_write(), obstacle::machine, "no MADV_POPULATE_WRITE before Linux 5.14")) return;
  map_request request = request_for(backing_kind::hugetlb, 4);
  request.reserve = false;
  const auto held = registry::instance().add(map(request));
  auto& target = *held->target();
  const range whole = target.usable();
  std::atomic<bool> finished{false};
  std::thread taker([&] {
    while (!finished) {
      const std::lock_guard lock(target.pages());
      madvise(whole.pointer(), whole.length, MADV_DONTNEED);
      mprotect(whole.pointer(), whole.length, PROT_READ);
      mprotect(whole.pointer(), whole.length, PROT_READ | PROT_WRITE);
    }
  });
  // EINVAL is the error of a page that was read-only before its turn; a store would have been a signal.
  bool expected = true;
  for (int round = 0; round < 200; round++) {
    const int error = clear(held, whole).error.error;
    expected = expected && (error == 0 || error == EINVAL);
  }
  finished = true;
  taker.join();
  CHECK(expected);
}

TEST_CASE("clear: a region whose last hold is gone cannot be cleared") {
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 1)));
  const auto target = held->target();
  held->release();
  CHECK(clear_job::create(target, {target->usable(), 1, {}}) == nullptr);
}
