#include "core/probe.h"
#include "core/procmap.h"

#include <doctest/doctest.h>
#include <sys/utsname.h>

#include <cstdio>
#include <string>
#include <utility>

#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

struct expected_probe {
  size_t mapping_page_size;
  size_t present;
  size_t huge;
};

void check(const result<backing_probe>& probed, const expected_probe& expected) {
  REQUIRE(outcome(probed) == "ok");
  CHECK(probed.value().mapping_page_size == expected.mapping_page_size);
  CHECK(probed.value().present == expected.present);
  CHECK(probed.value().huge == expected.huge);
}

// Page tables and smaps say the same of memory that is not, half and fully populated.
void check_agreement(map_request request) {
  // Else smaps counts neighbours of the same kind as well, where the kernel has no names for anonymous memory.
  request.guard = true;
  const mapping made = map(request);
  const range usable = made.usable();
  const bool base = request.kind == backing_kind::base;
  const size_t mapping_page = request.kind == backing_kind::hugetlb ? request.page_size : base_page_size();
  for (const size_t populated : {size_t{0}, usable.length / 2, usable.length}) {
    CAPTURE(populated);
    touch({usable.start, populated}, request.page_size);
    const expected_probe expected{mapping_page, populated, base ? 0 : populated};
    check(probe_backing(usable), expected);
    check(probe_by_smaps(usable), expected);
    CHECK(present_bytes(usable).value() == populated);
  }
}

}  // namespace

TEST_CASE("probe: page tables and smaps agree") {
  for_each_kind(4, [](const map_request& request) { check_agreement(request); });
}

TEST_CASE("probe: page tables and smaps agree on gigantic pages") {
  const pool gigantic(gigantic_page, 2);
  if (!gigantic) return;
  map_request request = request_for(backing_kind::hugetlb, 0);
  request.page_size = gigantic_page;
  request.length = 2 * gigantic_page;
  check_agreement(request);
}

TEST_CASE("probe: shared hugetlb memory as private") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  map_request request = request_for(backing_kind::hugetlb, 2);
  request.shared = true;
  check_agreement(request);
}

TEST_CASE("probe: a mixture of huge and base pages") {
  map_request request = request_for(backing_kind::thp, 4);
  request.guard = true;
  const thp_mode madvised("madvise");
  if (!madvised) return;
  const mapping made = map(request);
  touch({made.usable().start, huge_page}, huge_page);
  const thp_mode never("never");
  if (!never) return;
  touch({made.usable().start + huge_page, huge_page}, base_page_size());
  const expected_probe expected{base_page_size(), 2 * huge_page, huge_page};
  check(probe_backing(made.usable()), expected);
  check(probe_by_smaps(made.usable()), expected);
}

TEST_CASE("probe: present bytes of a part") {
  for_each_kind(3, [](const map_request& request) {
    const mapping made = map(request);
    const uintptr_t second = made.usable().start + request.page_size;
    touch({second, request.page_size}, request.page_size);
    CHECK(present_bytes({second, request.page_size}).value() == request.page_size);
    CHECK(present_bytes({second + request.page_size, request.page_size}).value() == 0);
  });
}

TEST_CASE("probe: what a fault of untouched memory would find") {
  for (const bool eligible : {true, false}) {
    const char* mode = eligible ? "madvise" : "never";
    CAPTURE(mode);
    const thp_mode set(mode);
    if (!set) continue;
    const mapping made = map(request_for(backing_kind::thp, 2));
    CHECK(probe_backing(made.usable()).value().thp_eligible == eligible);
    CHECK(probe_by_smaps(made.usable()).value().thp_eligible == eligible);
    CHECK_FALSE(probe_backing(map(request_for(backing_kind::base, 1024)).usable()).value().thp_eligible);
  }
}

TEST_CASE("probe: unmapped addresses are an error") {
  const range gone = map(request_for(backing_kind::base, 1)).usable();
  CHECK(outcome(probe_backing(gone)) == (has_procmap_query() ? "ioctl(PROCMAP_QUERY): ENOENT" : "read(/proc/PID/smaps): ENOENT"));
  CHECK(outcome(probe_by_smaps(gone)) == "read(/proc/PID/smaps): ENOENT");
}

TEST_CASE("probe: PROCMAP_QUERY is there from Linux 6.11") {
  utsname kernel{};
  uname(&kernel);
  int major = 0;
  int minor = 0;
  REQUIRE(sscanf(kernel.release, "%d.%d", &major, &minor) == 2);
  if (std::pair(major, minor) >= std::pair(6, 11)) CHECK(has_procmap_query());
}
