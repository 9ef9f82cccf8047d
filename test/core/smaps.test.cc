#include "core/smaps.h"

#include <doctest/doctest.h>

#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("smaps: the account of one mapping, asked at any of its addresses") {
  for_each_kind(3, [](map_request request) {
    request.guard = true;  // no neighbour merges with it
    for (const bool shared : {false, true}) {
      CAPTURE(shared);
      request.shared = shared;
      const mapping made = map(request);
      const range usable = made.usable();
      touch({usable.start, 2 * request.page_size}, request.page_size);
      for (const uintptr_t address : {usable.start, usable.start + usable.length / 2, usable.end() - 1}) {
        CAPTURE(address);
        const auto read = read_smaps(address);
        REQUIRE(outcome(read) == "ok");
        const smaps_entry& entry = read.value();
        CHECK(entry.extent.start == usable.start);
        CHECK(entry.extent.length == usable.length);
        CHECK(entry.kernel_page_size == smaps_bytes(address, "KernelPageSize"));
        CHECK(entry.rss == smaps_bytes(address, "Rss"));
        CHECK(entry.thp_eligible == (smaps_field(address, "THPeligible") == "1"));
        const size_t touched = 2 * request.page_size;
        CHECK(entry.hugetlb == (request.kind == backing_kind::hugetlb ? touched : 0));
        // Shared memory is shmem, whose huge pages another mode of the machine allows.
        if (!shared) CHECK(entry.pmd_mapped == (request.kind == backing_kind::thp ? touched : 0));
      }
    }
  });
}

TEST_CASE("smaps: ENOENT where nothing is mapped") {
  const range gone = map(request_for(backing_kind::base, 2)).usable();
  CHECK(outcome(read_smaps(gone.start)) == "read(/proc/PID/smaps): ENOENT");
  CHECK(outcome(read_smaps(UINTPTR_MAX)) == "read(/proc/PID/smaps): ENOENT");
}
