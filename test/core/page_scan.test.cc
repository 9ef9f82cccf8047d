#include "core/page_scan.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <csignal>
#include <utility>
#include <vector>

#include "core/uapi.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

bool needs_page_scan() { return needs(has_page_scan(), obstacle::machine, "no PAGEMAP_SCAN before Linux 6.7"); }

// Page numbers within `part`: {first, behind the last}.
using pages = std::vector<std::pair<size_t, size_t>>;

pages as_pages(const result<std::vector<range>>& scanned, range part, size_t page_size) {
  REQUIRE(outcome(scanned) == "ok");
  pages found;
  for (const range& one : scanned.value()) found.emplace_back((one.start - part.start) / page_size, (one.end() - part.start) / page_size);
  return found;
}

}  // namespace

TEST_CASE("page_scan: exactly the pages that were touched") {
  if (!needs_page_scan()) return;
  for_each_kind(8, [](const map_request& request) {
    const mapping made = map(request);
    const range usable = made.usable();
    const size_t page = request.page_size;
    CHECK(as_pages(present_ranges(usable), usable, page).empty());
    touch({usable.start + page, page}, page);
    touch({usable.start + 3 * page, 2 * page}, page);
    const pages touched{{1, 2}, {3, 5}};
    CHECK(as_pages(present_ranges(usable), usable, page) == touched);
    CHECK(as_pages(huge_ranges(usable), usable, page) == (request.kind == backing_kind::base ? pages{} : touched));
    const range part{usable.start + 4 * page, 3 * page};
    CHECK(as_pages(present_ranges(part), usable, page) == pages{{4, 5}});
  });
}

TEST_CASE("page_scan: more ranges than the kernel gives at once") {
  if (!needs_page_scan()) return;
  const mapping made = map(request_for(backing_kind::base, 3000));
  pages touched;
  for (size_t page = 0; page < 3000; page += 2) {
    byte_at(made.usable(), page * base_page_size()) = 1;
    touched.emplace_back(page, page + 1);
  }
  CHECK(as_pages(present_ranges(made.usable()), made.usable(), base_page_size()) == touched);
}

TEST_CASE("page_scan: a long run is one range") {
  if (!needs_page_scan()) return;
  const size_t count = 16 * huge_page / base_page_size();
  const mapping made = map(request_for(backing_kind::base, count));
  touch(made.usable(), base_page_size());
  CHECK(as_pages(present_ranges(made.usable()), made.usable(), base_page_size()) == pages{{0, count}});
}

TEST_CASE("page_scan: a range of several calls is one where it goes on") {
  if (!needs_page_scan()) return;
  map_request request = request_for(backing_kind::base, (size_t{3} << 30U) / base_page_size());
  request.reserve = false;
  const mapping made = map(request);
  REQUIRE(madvise(made.usable().pointer(), made.usable().length, MADV_NOHUGEPAGE) == 0);
  const uintptr_t end_of_call = round_up(made.usable().start + 1, size_t{1} << 30U);
  const range touched{end_of_call - base_page_size(), 2 * base_page_size()};
  touch(touched, base_page_size());
  CHECK(as_pages(present_ranges(made.usable()), touched, base_page_size()) == pages{{0, 2}});
}

TEST_CASE("page_scan: what it refuses") {
  if (!needs_page_scan()) return;
  const auto own = pagemap_file::open(0);
  REQUIRE(outcome(own) == "ok");
  const range page{base_page_size(), base_page_size()};
  const stop_flag at_once{true};
  CHECK(outcome(scan_pages(own.value(), page, {}, at_once)) == "ioctl(PAGEMAP_SCAN): ECANCELED");
  CHECK(outcome(scan_pages(own.value(), {page.start + 1, page.length}, {})) == "ioctl(PAGEMAP_SCAN): EINVAL");
  CHECK(outcome(scan_pages(own.value(), {uintptr_t{1} << 60U, page.length}, {})) == "ioctl(PAGEMAP_SCAN): EFAULT");
  const auto descriptor = own.value().descriptor();
  CHECK(fate_of_child([&] {
          close(descriptor);
          return outcome(scan_pages(own.value(), page, {})) == "ioctl(PAGEMAP_SCAN): EBADF" ? 0 : 1;
        }) == success);
}

TEST_CASE("page_scan: a process that has ended has nothing, and pagemap_file tells that it has") {
  if (!needs_page_scan()) return;
  const mapping made = map(request_for(backing_kind::base, 1));
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const auto opened = pagemap_file::open(child);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  REQUIRE(outcome(opened) == "ok");
  const auto scanned = scan_pages(opened.value(), made.usable(), {uapi::page_is_present, 0, 0, 0});
  CHECK((!scanned.ok() || scanned.value().empty()));
  CHECK(outcome(opened.value().check_alive()) == "pread(/proc/PID/pagemap): ESRCH");
}

TEST_CASE("page_scan: nothing is present where nothing is mapped") {
  if (!needs_page_scan()) return;
  const range gone = map(request_for(backing_kind::base, 4)).usable();
  CHECK(as_pages(present_ranges(gone), gone, base_page_size()).empty());
}
