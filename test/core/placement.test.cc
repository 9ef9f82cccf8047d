// Where mapping::create puts a mapping: hints, alignment, guard pages.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/mapping.h"
#include "support/address_space.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("placement: a misaligned hint gives an aligned mapping and leaves its neighbour alone") {
  for_each_kind(4, [](map_request request) {
    request.length /= 2;
    const mapping neighbour = map(request);
    touch(neighbour.usable(), request.page_size, 5);
    for (const uintptr_t offset : {uintptr_t{1}, uintptr_t{base_page_size() + 123}, uintptr_t{request.length + 1}}) {
      CAPTURE(offset);
      request.hint = neighbour.usable().start + offset;
      const mapping made = map(request);
      CHECK(is_multiple(made.usable().start, request.page_size));
      CHECK((made.usable().start >= neighbour.usable().end() || made.usable().end() <= neighbour.usable().start));
    }
    CHECK(holds(neighbour.usable(), request.page_size, 5));
  });
}

TEST_CASE("placement: a hint that is free and aligned is where the mapping goes") {
  for_each_kind(2, [](map_request request) {
    request.hint = map(request).usable().start;
    CHECK(map(request).usable().start == request.hint);
  });
}

TEST_CASE("placement: 2 MiB pages at a multiple of 1 GiB") {
  for_each_kind(2, [](map_request request) {
    request.alignment = gigantic_page;
    const size_t before = address_space();
    const mapping made = map(request);
    CHECK(is_multiple(made.usable().start, gigantic_page));
    CHECK(made.usable().length == request.length);
    // Nothing is left of the area that it was placed in.
    CHECK(address_space() - before == request.length);
    touch(made.usable(), request.page_size);
  });
}

TEST_CASE("placement: one inaccessible base page on either side") {
  for_each_kind(2, [](map_request request) {
    const size_t base = base_page_size();
    request.guard = true;
    const size_t before = address_space();
    const mapping made = map(request);
    const range usable = made.usable();
    CHECK(address_space() - before == usable.length + 2 * base);
    const auto lines = maps_of({usable.start - base, usable.length + 2 * base});
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].permissions == "---p");
    CHECK(lines[0].extent.start <= usable.start - base);  // the kernel merges it with an inaccessible neighbour
    CHECK(lines[0].extent.end() == usable.start);
    CHECK(lines[1].permissions == "rw-p");
    CHECK(lines[2].permissions == "---p");
    CHECK(lines[2].extent.start == usable.end());
    CHECK(lines[2].extent.length >= base);
    touch(usable, request.page_size);
    CHECK(fate_of_child([&] { return byte_at(usable, usable.length); }) == segmentation_fault);
    CHECK(fate_of_child([&] { return byte_at({usable.start - 1, 1}, 0); }) == segmentation_fault);
  });
}

TEST_CASE("placement: threads that map into each other's gaps all succeed") {
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; thread++) {
    threads.emplace_back([&refused, guard = thread % 2 == 0] {
      map_request request = request_for(backing_kind::base, 64);
      request.guard = guard;
      for (int round = 0; round < 2000; round++) {
        if (!mapping::create(request).ok()) refused++;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(refused == 0);
}
