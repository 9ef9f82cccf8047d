#include <doctest/doctest.h>
#include <sys/mman.h>

#include <csignal>
#include <tuple>
#include <vector>

#include "core/page_nodes.h"
#include "core/page_scan.h"
#include "core/pagemap.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

// Offset, length, state, frame.
using run = std::tuple<size_t, size_t, unsigned, uint64_t>;

std::vector<run> runs(range part, pagemap_engine engine, pid_t process = 0, bool frames = true) {
  const auto pagemap = pagemap_file::open(process);
  REQUIRE(outcome(pagemap) == "ok");
  pagemap_request request;
  request.frames = frames;
  request.engine = engine;
  auto mapped = mapped_within(process, part);
  REQUIRE(outcome(mapped) == "ok");
  request.parts = std::move(mapped.value());
  const auto read = read_pagemap(pagemap.value(), request, never_stops);
  REQUIRE(outcome(read) == "ok");
  std::vector<run> found;
  for (const auto& one : read.value()) {
    // The size of transparent huge pages is what a scan alone tells.
    const run next{one.extent.start - part.start, one.extent.length, one.state, one.frame};
    const bool joins = !found.empty() && std::get<0>(found.back()) + std::get<1>(found.back()) == std::get<0>(next) &&
                       std::get<2>(found.back()) == std::get<2>(next) &&
                       (one.frame == 0 ? std::get<3>(found.back()) == 0
                                       : std::get<3>(found.back()) + std::get<1>(found.back()) / base_page_size() == one.frame);
    if (joins) {
      std::get<1>(found.back()) += one.extent.length;
    } else {
      found.push_back(next);
    }
  }
  return found;
}

void check_agreement(range part) {
  for (const bool frames : {true, false}) {
    CAPTURE(frames);
    const auto by_scan = runs(part, pagemap_engine::scan, 0, frames);
    CHECK(by_scan == runs(part, pagemap_engine::read, 0, frames));
    CHECK(by_scan == runs(part, pagemap_engine::fastest, getpid(), frames));
  }
}

bool needs_page_scan() { return needs(has_page_scan(), obstacle::machine, "no PAGEMAP_SCAN before Linux 6.7"); }

}  // namespace

TEST_CASE("pagemap engines: they agree on memory with holes") {
  if (!needs_page_scan()) return;
  for_each_kind(12, [](const map_request& request) {
    const mapping made = map(request);
    const range usable = made.usable();
    check_agreement(usable);
    for (const size_t page : {0, 3, 4, 9}) byte_at(usable, page * request.page_size) = 1;
    check_agreement(usable);
    // From the middle of one page to the middle of another.
    const size_t base = base_page_size();
    if (request.page_size > base) check_agreement({usable.start + 3 * request.page_size + base, 6 * request.page_size + base});
  });
}

TEST_CASE("pagemap engines: they agree on memory that is protected, dropped and split") {
  if (!needs_page_scan()) return;
  const thp_mode madvised("madvise");
  if (!madvised) return;
  const mapping made = map(request_for(backing_kind::thp, 4));
  const range usable = made.usable();
  touch(usable, base_page_size());
  REQUIRE(mprotect(range{usable.start + huge_page, 0}.pointer(), huge_page / 2, PROT_READ) == 0);
  REQUIRE(madvise(range{usable.start + 2 * huge_page, 0}.pointer(), 8 * base_page_size(), MADV_DONTNEED) == 0);
  REQUIRE(mprotect(range{usable.start + 3 * huge_page, 0}.pointer(), base_page_size(), PROT_NONE) == 0);
  check_agreement(usable);
}

TEST_CASE("pagemap engines: a large map on several threads, of this process and of another") {
  if (!needs_page_scan()) return;
  map_request request = request_for(backing_kind::base, size_t{6} << 18U);  // 6 GiB, of which little is there
  request.reserve = false;
  request.inherit_on_fork = true;
  const mapping made = map(request);
  const range usable = made.usable();
  REQUIRE(madvise(usable.pointer(), usable.length, MADV_NOHUGEPAGE) == 0);
  for (size_t offset = 0; offset < usable.length; offset += size_t{31} << 20U)
    touch({usable.start + offset, 3 * base_page_size()}, base_page_size());
  const auto by_scan = runs(usable, pagemap_engine::scan, 0, false);
  CHECK(by_scan == runs(usable, pagemap_engine::read, 0, false));
  CHECK(by_scan.size() == 2 * ((usable.length + (size_t{31} << 20U) - 1) / (size_t{31} << 20U)));
  const pid_t parent = getpid();
  CHECK(fate_of_child([&] { return runs(usable, pagemap_engine::read, parent, false).size() == by_scan.size() ? 0 : 1; }) == success);
}

TEST_CASE("pagemap engines: memory that is only reserved") {
  if (!needs_page_scan()) return;
  map_request request = request_for(backing_kind::base, size_t{64} << 18U);
  request.reserve = false;
  const mapping made = map(request);
  CHECK(runs(made.usable(), pagemap_engine::scan) == std::vector<run>{{0, made.usable().length, 0, 0}});
}

TEST_CASE("pagemap engines: reading can be stopped") {
  const mapping made = map(request_for(backing_kind::base, 4));
  pagemap_request request;
  request.parts.push_back({made.usable(), base_page_size()});
  const stop_flag at_once{true};
  const auto pagemap = pagemap_file::open(0);
  REQUIRE(outcome(pagemap) == "ok");
  request.engine = pagemap_engine::read;
  CHECK(outcome(read_pagemap(pagemap.value(), request, at_once)) == "pread(/proc/PID/pagemap): ECANCELED");
  if (!needs_page_scan()) return;
  request.engine = pagemap_engine::scan;
  CHECK(outcome(read_pagemap(pagemap.value(), request, at_once)) == "ioctl(PAGEMAP_SCAN): ECANCELED");
}

TEST_CASE("pagemap engines: nodes by query are those that are known") {
  for_each_kind(3, [](const map_request& request) {
    const mapping made = map(request);
    touch({made.usable().start, 2 * request.page_size}, request.page_size);
    const auto read = read_pagemap(made.usable(), request.kind == backing_kind::hugetlb ? request.page_size : base_page_size());
    REQUIRE(outcome(read) == "ok");
    const auto asked = with_queried_nodes(getpid(), read.value(), never_stops);
    const auto placed = with_nodes(0, read.value(), never_stops);
    REQUIRE(outcome(asked) == "ok");
    REQUIRE(outcome(placed) == "ok");
    const auto& queried = asked.value();
    const auto& known = placed.value();
    CHECK(outcome(with_queried_nodes(getpid(), read.value(), stop_flag{true})) == "move_pages: ECANCELED");
    REQUIRE(queried.size() == known.size());
    for (size_t i = 0; i < known.size(); i++) {
      CHECK(queried[i].extent.start == known[i].extent.start);
      CHECK(queried[i].extent.length == known[i].extent.length);
      CHECK(queried[i].frame == known[i].frame);
      CHECK(queried[i].node == known[i].node);
      CHECK((known[i].node >= 0) == known[i].present());
    }
  });
}
