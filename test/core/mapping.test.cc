#include "core/mapping.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>

#include "core/uapi.h"
#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

// Without memory of its own: an allocation would change what it reads.
template <size_t Capacity>
size_t read_maps(std::array<char, Capacity>& text) {
  const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  size_t length = 0;
  for (ssize_t got = 0; (got = read(maps, text.data() + length, Capacity - length)) > 0;) length += static_cast<size_t>(got);
  close(maps);
  return length;
}

bool leaves_no_mapping(const map_request& refused) {
  static std::array<char, size_t{1} << 20> before;
  static std::array<char, size_t{1} << 20> after;
  (void)mapping::create(refused);  // sanitizers keep books of a range from its first use on
  const size_t length = read_maps(before);
  (void)mapping::create(refused);
  return length == read_maps(after) && std::memcmp(before.data(), after.data(), length) == 0;
}

}  // namespace

TEST_CASE("mapping: zeroed, writable memory of the kind that was asked for") {
  for_each_kind(3, [](map_request request) {
    for (const bool shared : {false, true}) {
      CAPTURE(shared);
      request.shared = shared;
      const mapping made = map(request);
      const range usable = made.usable();
      REQUIRE(usable.length == request.length);
      CHECK(is_multiple(usable.start, request.page_size));
      CHECK(made.kind() == request.kind);
      CHECK(made.page_size() == request.page_size);
      CHECK(made.shared() == shared);
      const auto lines = maps_of(usable);
      REQUIRE(lines.size() == 1);
      CHECK(lines[0].permissions == (shared ? "rw-s" : "rw-p"));
      const bool hugetlb = request.kind == backing_kind::hugetlb;
      CHECK(smaps_bytes(usable.start, "KernelPageSize") == (hugetlb ? request.page_size : base_page_size()));
      CHECK(has_vm_flag(usable.start, "ht") == hugetlb);
      CHECK(has_vm_flag(usable.start, "hg") == (request.kind == backing_kind::thp));
      CHECK(has_vm_flag(usable.start, "nh") == (request.kind == backing_kind::base));
      CHECK(byte_at(usable, usable.length - 1) == 0);
      byte_at(usable, usable.length - 1) = 7;
      CHECK(byte_at(usable, usable.length - 1) == 7);
    }
  });
}

TEST_CASE("mapping: a length of one byte gives one page") {
  for_each_kind(1, [](map_request request) {
    request.length = 1;
    CHECK(map(request).usable().length == request.page_size);
  });
}

TEST_CASE("mapping: the destructor leaves no line in /proc/self/maps") {
  for_each_kind(2, [](map_request request) {
    request.guard = true;
    range whole;
    {
      mapping first = map(request);
      const mapping made(std::move(first));
      whole = {made.usable().start - base_page_size(), made.usable().length + 2 * base_page_size()};
      CHECK(maps_of(whole).size() == 3);
    }
    CHECK(maps_of(whole).empty());
  });
}

TEST_CASE("mapping: hugetlb pages are reserved when mapped, taken when touched, back when unmapped") {
  const pool exact(huge_page, 6);
  if (!exact) return;
  for (const bool shared : {false, true}) {
    CAPTURE(shared);
    map_request request = request_for(backing_kind::hugetlb, 4);
    request.shared = shared;
    {
      const mapping made = map(request);
      CHECK(exact.change() == counters{0, 0, 4, 0});
      touch({made.usable().start, huge_page}, huge_page);
      CHECK(exact.change() == counters{0, -1, 3, 0});
      touch(made.usable(), huge_page);
      CHECK(exact.change() == counters{0, -4, 0, 0});
    }
    CHECK(exact.change() == counters{});
  }
}

TEST_CASE("mapping: without a reservation hugetlb pages are taken when touched") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  map_request request = request_for(backing_kind::hugetlb, 4);
  request.reserve = false;
  const mapping made = map(request);
  CHECK(exact.change() == counters{});
  touch({made.usable().start, 2 * huge_page}, huge_page);
  CHECK(exact.change() == counters{0, -2, 0, 0});
}

TEST_CASE("mapping: a second mapping beyond what is left fails when mapped") {
  const pool exact(huge_page, 3);
  if (!exact) return;
  const mapping first = map(request_for(backing_kind::hugetlb, 2));
  for (const bool guard : {false, true}) {
    CAPTURE(guard);
    map_request second = request_for(backing_kind::hugetlb, 2);
    second.guard = guard;
    CHECK(outcome(mapping::create(second)) == "mmap: ENOMEM");
    CHECK(leaves_no_mapping(second));
    CHECK(exact.change() == counters{0, 0, 2, 0});
  }
}

TEST_CASE("mapping: gigantic pages come from their own pool") {
  const pool small(huge_page, 1);
  const pool gigantic(gigantic_page, 1);
  if (!small || !gigantic) return;
  map_request request = request_for(backing_kind::hugetlb, 1);
  request.page_size = gigantic_page;
  const mapping made = map(request);
  CHECK(made.usable().length == gigantic_page);
  touch({made.usable().start, gigantic_page}, gigantic_page);
  CHECK(gigantic.change() == counters{0, -1, 0, 0});
  CHECK(small.change() == counters{});
}

TEST_CASE("mapping: what the kernel refuses leaves nothing") {
  map_request unsupported = request_for(backing_kind::hugetlb, 1);
  unsupported.page_size = huge_page / 2;
  map_request empty = request_for(backing_kind::base, 0);
  for (const bool guard : {false, true}) {
    CAPTURE(guard);
    unsupported.guard = guard;
    CHECK(outcome(mapping::create(unsupported)) == "mmap: EINVAL");
    CHECK(leaves_no_mapping(unsupported));
    empty.guard = guard;
    CHECK(outcome(mapping::create(empty)) == "mmap: EINVAL");
    CHECK(leaves_no_mapping(empty));
  }
}

TEST_CASE("mapping: excluded from a fork unless inherited") {
  for_each_kind(1, [](map_request request) {
    CHECK(has_vm_flag(map(request).usable().start, "dc"));
    request.inherit_on_fork = true;
    CHECK_FALSE(has_vm_flag(map(request).usable().start, "dc"));
  });
}

TEST_CASE("mapping: anonymous mappings have names of their own") {
  const mapping probe = map(request_for(backing_kind::base, 1));
  const bool names = prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, probe.usable().start, base_page_size(), "probe") == 0;
  if (!needs(names, obstacle::machine, "this kernel has no CONFIG_ANON_VMA_NAME")) return;
  const mapping first = map(request_for(backing_kind::base, 1));
  const mapping second = map(request_for(backing_kind::base, 1));
  const auto lines = maps_of(first.usable());
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].name.rfind("[anon:hugepages-", 0) == 0);
  CHECK(lines[0].name != maps_of(second.usable()).at(0).name);
}
