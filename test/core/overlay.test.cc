// mapping::overlay: the pages go back at once, the addresses stay readable.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "core/mapping.h"
#include "support/address_space.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("overlay: huge pages are back at once, with their reservation") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  for (const bool shared : {false, true}) {
    CAPTURE(shared);
    map_request request = request_for(backing_kind::hugetlb, 4);
    request.shared = shared;
    mapping made = map(request);
    touch({made.usable().start, 2 * huge_page}, huge_page);
    CHECK(exact.change() == counters{0, -2, 2, 0});
    made.overlay();
    CHECK(exact.change() == counters{});
  }
}

TEST_CASE("overlay: the addresses read zeros, can be written, and end with the mapping") {
  for_each_kind(2, [](map_request request) {
    for (const bool shared : {false, true}) {
      CAPTURE(shared);
      request.shared = shared;
      request.guard = true;
      range usable;
      {
        mapping made = map(request);
        usable = made.usable();
        touch(usable, request.page_size, 9);
        made.overlay();
        CHECK(smaps_bytes(usable.start, "Rss") == 0);
        CHECK(holds(usable, base_page_size(), 0));
        touch(usable, base_page_size(), 3);
        CHECK(holds(usable, base_page_size(), 3));
        const auto lines = maps_of({usable.start - 1, usable.length + 2});
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].permissions == "---p");
        CHECK(lines[2].permissions == "---p");
      }
      CHECK(maps_of({usable.start - 1, usable.length + 2}).empty());
    }
  });
}

#ifndef __SANITIZE_THREAD__  // which takes mmap(2) for a write to the range, and the other thread's for a race with it
TEST_CASE("overlay: another thread that is writing goes on") {
  map_request request = request_for(backing_kind::base, 4);
  request.inherit_on_fork = true;
  mapping made = map(request);
  CHECK(fate_of_child([&made] {
          std::atomic<size_t> rounds{0};
          std::atomic<bool> finished{false};
          std::thread writer([&] {
            for (; !finished; rounds++) touch(made.usable(), base_page_size());
          });
          while (rounds == 0) std::this_thread::yield();
          for (int overlays = 0; overlays < 10'000; overlays++) made.overlay();
          finished = true;
          writer.join();
          return 0;
        }) == success);
}
#endif

TEST_CASE("overlay: where writable memory is refused the pages go back all the same") {
  map_request request = request_for(backing_kind::base, 2);  // ThreadSanitizer maps memory of its own for more
  request.shared = true;
  request.inherit_on_fork = true;
  mapping made = map(request);
  // Private writable memory counts towards RLIMIT_DATA, shared memory does not.
  const auto overlay_without_data = [&made] {
    touch(made.usable(), base_page_size());
    const rlimit nothing{0, 0};
    setrlimit(RLIMIT_DATA, &nothing);
    made.overlay();
  };
  CHECK(fate_of_child([&] {
          overlay_without_data();
          return holds(made.usable(), base_page_size(), 0) ? 0 : 1;
        }) == success);
  CHECK(fate_of_child([&] {
          overlay_without_data();
          byte_at(made.usable(), 0) = 1;
          return 0;
        }) == segmentation_fault);
}
