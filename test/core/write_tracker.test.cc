#include "core/write_tracker.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <thread>
#include <utility>
#include <vector>

#include "core/discard.h"
#include "core/page_scan.h"
#include "support/child.h"
#include "support/memory.h"
#include "support/refuse.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

bool needs_tracking() { return needs(has_page_scan(), obstacle::machine, "no asynchronous write protection before Linux 6.7"); }

// Page numbers: {first, behind the last}.
using pages = std::vector<std::pair<size_t, size_t>>;

pages taken(write_tracker& tracker, size_t page_size) {
  const auto written = tracker.take();
  REQUIRE(outcome(written) == "ok");
  const uintptr_t start = tracker.target().usable().start;
  pages found;
  for (const range& one : written.value()) found.emplace_back((one.start - start) / page_size, (one.end() - start) / page_size);
  return found;
}

std::unique_ptr<write_tracker> track(const std::shared_ptr<hold>& held) {
  auto begun = write_tracker::begin(held->target());
  REQUIRE(outcome(begun) == "ok");
  return std::move(begun.value());
}

}  // namespace

TEST_CASE("write_tracker: each write once, by any thread and by the kernel") {
  if (!needs_tracking()) return;
  for_each_kind(8, [](const map_request& request) {
    // A transparent huge page that is written is mapped by base pages from then on.
    const size_t page = request.kind == backing_kind::thp ? base_page_size() : request.page_size;
    const auto held = registry::instance().add(map(request));
    const range usable = held->target()->usable();
    touch({usable.start, 6 * page}, page);
    const auto tracker = track(held);
    CHECK(taken(*tracker, page).empty());
    byte_at(usable, 0) = 1;
    byte_at(usable, 2 * page) = byte_at(usable, 3 * page);
    CHECK(taken(*tracker, page) == pages{{0, 1}, {2, 3}});
    CHECK(taken(*tracker, page).empty());
    std::thread([&] { byte_at(usable, page) = 1; }).join();
    const file zeros("/dev/zero");
    REQUIRE(read(zeros.descriptor(), range{usable.start + 4 * page, 0}.pointer(), 1) == 1);
    CHECK(taken(*tracker, page) == pages{{1, 2}, {4, 5}});
  });
}

TEST_CASE("write_tracker: pages that come to be, and such as go") {
  if (!needs_tracking()) return;
  for_each_kind(4, [](map_request request) {
    if (request.kind == backing_kind::thp) return;  // one touch makes many base pages
    for (const bool shared : {false, true}) {
      CAPTURE(shared);
      request.shared = shared;
      const size_t page = request.page_size;
      const auto held = registry::instance().add(map(request));
      auto& target = *held->target();
      byte_at(target.usable(), 0) = 1;
      const auto tracker = track(held);
      byte_at(target.usable(), 2 * page) = 1;
      CHECK(taken(*tracker, page) == pages{{2, 3}});
      REQUIRE(outcome(discard(target, {target.usable().start, page}, false)) == "ok");
      CHECK(byte_at(target.usable(), 0) == 0);
      CHECK(taken(*tracker, page).front() == std::pair<size_t, size_t>{0, 1});
      CHECK(taken(*tracker, page).empty());
    }
  });
}

TEST_CASE("write_tracker: pages of zeros that were only read say nothing new") {
  if (!needs_tracking()) return;
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 4)));
  const range usable = held->target()->usable();
  const auto tracker = track(held);
  CHECK(byte_at(usable, base_page_size()) == 0);
  CHECK(taken(*tracker, base_page_size()).empty());
  byte_at(usable, base_page_size()) = 1;
  CHECK(taken(*tracker, base_page_size()) == pages{{1, 2}});
}

TEST_CASE("write_tracker: a part that was mapped anew has everything told") {
  if (!needs_tracking()) return;
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 4)));
  const range usable = held->target()->usable();
  touch(usable, base_page_size());
  const auto tracker = track(held);
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const range page{usable.start + base_page_size(), base_page_size()};
  REQUIRE(mmap(page.pointer(), page.length, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED);
  CHECK(taken(*tracker, base_page_size()) == pages{{0, 4}});
  CHECK(taken(*tracker, base_page_size()).empty());
  byte_at(page, 0) = 1;
  CHECK(taken(*tracker, base_page_size()) == pages{{1, 2}});
}

TEST_CASE("write_tracker: one for a region, and another after it") {
  if (!needs_tracking()) return;
  const auto held = registry::instance().add(map(request_for(backing_kind::base, 2)));
  {
    const auto tracker = track(held);
    CHECK(outcome(write_tracker::begin(held->target())) == "ioctl(UFFDIO_REGISTER): EBUSY");
    byte_at(held->target()->usable(), 0) = 1;
    CHECK(taken(*tracker, base_page_size()) == pages{{0, 1}});
  }
  byte_at(held->target()->usable(), 0) = 1;
  CHECK(taken(*track(held), base_page_size()).empty());
}

TEST_CASE("write_tracker: other users may have it, and a filter may forbid it") {
  if (!needs_tracking()) return;
  const map_request request = request_for(backing_kind::base, 2);
  CHECK(fate_of_child([&] {
          if (is_root() && setuid(65534) != 0) return 1;
          prctl(PR_SET_DUMPABLE, 1);  // /proc/self belongs to root otherwise
          const auto held = registry::instance().add(map(request));
          touch(held->target()->usable(), base_page_size());
          const auto tracker = write_tracker::begin(held->target());
          if (!tracker.ok()) return 2;
          const file zeros("/dev/zero");
          if (read(zeros.descriptor(), held->target()->usable().pointer(), 1) != 1) return 3;
          const auto written = tracker.value()->take();
          return written.ok() && written.value().size() == 1 && written.value()[0].length == base_page_size() ? 0 : 4;
        }) == success);
  CHECK(fate_of_child([&] {
          if (!refuse(SYS_userfaultfd, 0, 0, EPERM)) return 1;
          const auto held = registry::instance().add(map(request));
          return outcome(write_tracker::begin(held->target())) == "userfaultfd: EPERM" ? 0 : 2;
        }) == success);
}
