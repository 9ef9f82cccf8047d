#include "core/procmap.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <climits>
#include <csignal>
#include <map>
#include <vector>

#include "support/address_space.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

// "start length page-size" in base pages from the start of `part`.
using parts = std::vector<std::vector<size_t>>;

parts as_parts(const result<std::vector<mapped_pages>>& found, range part) {
  REQUIRE(outcome(found) == "ok");
  const size_t base = base_page_size();
  parts all;
  for (const auto& [extent, page_size] : found.value()) {
    all.push_back({(extent.start - part.start) / base, extent.length / base, page_size / base});
  }
  return all;
}

// By both ways.
void check_mapped(range part, const parts& expected) {
  CHECK(as_parts(mapped_within(0, part), part) == expected);
  CHECK(as_parts(mapped_by_smaps(getpid(), part), part) == expected);
}

}  // namespace

TEST_CASE("procmap: what is mapped of a range, in pages of what size") {
  for_each_kind(4, [](map_request request) {
    request.guard = true;
    const mapping made = map(request);
    const range usable = made.usable();
    const size_t pages = request.page_size / base_page_size();
    const size_t mapping_pages = request.kind == backing_kind::hugetlb ? pages : 1;
    check_mapped(usable, {{0, 4 * pages, mapping_pages}});
    check_mapped({usable.start + base_page_size(), base_page_size()}, {{0, 1, mapping_pages}});
    // The guards are mapped as well.
    check_mapped({usable.start - base_page_size(), usable.length + 2 * base_page_size()},
                 {{0, 1, 1}, {1, 4 * pages, mapping_pages}, {1 + 4 * pages, 1, 1}});
  });
}

TEST_CASE("procmap: a protected part is a mapping of its own, and a gap is none") {
  const mapping made = map(request_for(backing_kind::base, 8));
  const range usable = made.usable();
  const size_t base = base_page_size();
  REQUIRE(mprotect(range{usable.start + 2 * base, 0}.pointer(), base, PROT_NONE) == 0);
  check_mapped(usable, {{0, 2, 1}, {2, 1, 1}, {3, 5, 1}});
  range gone;
  {
    const mapping other = map(request_for(backing_kind::base, 4));
    gone = other.usable();
  }
  check_mapped(gone, {});
  check_mapped({usable.start, 0}, {});
}

TEST_CASE("procmap: the whole address space") {
  const range all{0, uintptr_t{1} << 47U};
  const auto before = maps_of(all);
  const auto queried = mapped_within(0, all);
  REQUIRE(outcome(queried) == "ok");
  std::map<uintptr_t, uintptr_t> ends;
  uintptr_t end = 0;
  for (const auto& one : queried.value()) {
    CHECK(one.extent.start >= end);
    end = one.extent.end();
    ends[one.extent.start] = end;
  }
  // What reads them may map something: all that was there before and after has to be found.
  std::map<uintptr_t, uintptr_t> after;
  for (const auto& line : maps_of(all)) after[line.extent.start] = line.extent.end();
  for (const auto& [extent, permissions, name] : before) {
    const auto still = after.find(extent.start);
    if (still != after.end() && still->second == extent.end()) CHECK(ends[extent.start] == extent.end());
  }
}

TEST_CASE("procmap: of a process that has ended, and is not forgotten yet") {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  siginfo_t ended{};
  REQUIRE(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
  const range all{0, uintptr_t{1} << 47U};
  const auto mapped = mapped_within(child, all);
  CHECK((!mapped.ok() && mapped.error().error == ESRCH) == has_procmap_query());
  CHECK(as_parts(mapped_by_smaps(child, all), all).empty());
  waitpid(child, nullptr, 0);
}

TEST_CASE("procmap: of nobody") {
  CHECK(outcome(mapped_within(INT_MAX, {base_page_size(), base_page_size()})) ==
        (has_procmap_query() ? "open(/proc/PID/maps): ENOENT" : "open(/proc/PID/smaps): ENOENT"));
  CHECK(outcome(mapped_by_smaps(INT_MAX, {base_page_size(), base_page_size()})) == "open(/proc/PID/smaps): ENOENT");
}
