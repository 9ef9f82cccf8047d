#include "core/pagemap.h"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/file.h"
#include "core/page_scan.h"
#include "support/address_space.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

size_t mapping_page_size(const map_request& request) {
  return request.kind == backing_kind::hugetlb ? request.page_size : base_page_size();
}

std::vector<page_run> runs_of(range part, const map_request& request) {
  const auto runs = read_pagemap(part, mapping_page_size(request));
  REQUIRE(outcome(runs) == "ok");
  return runs.value();
}

bool covers(const std::vector<page_run>& runs, range part) {
  uintptr_t next = part.start;
  for (const page_run& run : runs) {
    if (run.extent.start != next || run.extent.length == 0) return false;
    next = run.extent.end();
  }
  return next == part.end();
}

const page_run& run_at(const std::vector<page_run>& runs, uintptr_t address) {
  for (const page_run& run : runs) {
    if (run.extent.start <= address && address < run.extent.end()) return run;
  }
  FAIL("no run contains the address");
  std::abort();
}

// As the kernel gives it for one base page.
uint64_t frame_of(uintptr_t address) {
  const file pagemap("/proc/self/pagemap");
  uint64_t entry = 0;
  const auto position = static_cast<off_t>(address / base_page_size() * sizeof entry);
  const bool read = pread(pagemap.descriptor(), &entry, sizeof entry, position) == sizeof entry;
  return read ? entry & ((uint64_t{1} << 55) - 1) : 0;
}

}  // namespace

TEST_CASE("pagemap: runs cover the range, present where it was touched") {
  for_each_kind(4, [](const map_request& request) {
    const mapping made = map(request);
    const range usable = made.usable();
    const auto untouched = runs_of(usable, request);
    REQUIRE(untouched.size() == 1);
    CHECK(covers(untouched, usable));
    CHECK_FALSE(untouched[0].present());
    CHECK(untouched[0].frame == 0);
    touch({usable.start + request.page_size, 2 * request.page_size}, request.page_size);
    const auto runs = runs_of(usable, request);
    CHECK(covers(runs, usable));
    for (size_t page = 0; page < 4; page++) {
      CAPTURE(page);
      const page_run& run = run_at(runs, usable.start + page * request.page_size);
      CHECK(run.present() == (page == 1 || page == 2));
      CHECK(run.is(page_exclusive) == run.present());
      CHECK_FALSE(run.is(page_swapped));
    }
  });
}

TEST_CASE("pagemap: the size of the pages, over more entries than are read at once") {
  if (!needs(has_page_scan(), obstacle::machine, "no PAGEMAP_SCAN before Linux 6.7")) return;
  for_each_kind(24, [](const map_request& request) {
    const mapping made = map(request);
    touch({made.usable().start, 23 * request.page_size}, request.page_size);
    const auto runs = runs_of(made.usable(), request);
    CHECK(covers(runs, made.usable()));
    for (const page_run& run : runs) {
      if (run.present()) CHECK(run.page_size == request.page_size);
    }
    CHECK(run_at(runs, made.usable().end() - 1).page_size == mapping_page_size(request));
  });
}

TEST_CASE("pagemap: root sees frames, and runs are those that are contiguous") {
  if (!needs_root("reading page frame numbers")) return;
  for_each_kind(3, [](const map_request& request) {
    const mapping made = map(request);
    const range usable = made.usable();
    // Downwards, so that frames handed out in order are not contiguous.
    for (size_t page = 3; page-- > 0;) byte_at(usable, page * request.page_size) = 1;
    const auto runs = runs_of(usable, request);
    CHECK(covers(runs, usable));
    size_t differing = 0;
    for (const page_run& run : runs) {
      REQUIRE(run.frame != 0);
      CHECK(is_multiple(run.frame, request.page_size / base_page_size()));
      for (size_t offset = 0; offset < run.extent.length; offset += base_page_size()) {
        if (run.frame + offset / base_page_size() != frame_of(run.extent.start + offset)) differing++;
      }
    }
    CHECK(differing == 0);
    for (size_t next = 1; next < runs.size(); next++) {
      CHECK(runs[next].frame != runs[next - 1].frame + runs[next - 1].extent.length / base_page_size());
    }
  });
}

TEST_CASE("pagemap: other users see no frames") {
  map_request request = request_for(backing_kind::base, 1);
  request.inherit_on_fork = true;
  const mapping made = map(request);
  touch(made.usable(), base_page_size());
  CHECK(fate_of_child([&] {
          if (is_root() && setuid(65534) != 0) return 1;
          prctl(PR_SET_DUMPABLE, 1);  // /proc/self belongs to root otherwise
          const auto runs = read_pagemap(made.usable(), base_page_size());
          if (!runs.ok() || runs.value().size() != 1) return 2;
          return runs.value()[0].present() && runs.value()[0].frame == 0 ? 0 : 3;
        }) == success);
}

TEST_CASE("pagemap: a page that two processes map is not exclusive") {
  map_request request = request_for(backing_kind::base, 1);
  request.inherit_on_fork = true;
  const mapping made = map(request);
  touch(made.usable(), base_page_size());
  CHECK(fate_of_child([&] {
          const auto runs = read_pagemap(made.usable(), base_page_size());
          return runs.ok() && runs.value()[0].present() && !runs.value()[0].is(page_exclusive) ? 0 : 1;
        }) == success);
  CHECK(runs_of(made.usable(), request)[0].is(page_exclusive));
}

TEST_CASE("pagemap: pages written since the soft-dirty bits were cleared") {
  const map_request request = request_for(backing_kind::base, 3);
  const mapping made = map(request);
  touch(made.usable(), base_page_size());
  if (!needs(has_vm_flag(made.usable().start, "sd"), obstacle::machine, "this kernel has no CONFIG_MEM_SOFT_DIRTY")) return;
  REQUIRE(write_value("/proc/self/clear_refs", "4"));
  byte_at(made.usable(), base_page_size()) = 2;
  const auto runs = runs_of(made.usable(), request);
  for (size_t page = 0; page < 3; page++) {
    CAPTURE(page);
    CHECK(run_at(runs, made.usable().start + page * base_page_size()).is(page_soft_dirty) == (page == 1));
  }
}
