// What a child process finds of a region: nothing, or, where it is inherited, a copy of its own.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>

#include "core/mapping.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

// Lets the child wait until the parent has done something.
class signpost {
 public:
  signpost() { REQUIRE(pipe(ends_.data()) == 0); }
  signpost(const signpost&) = delete;
  signpost& operator=(const signpost&) = delete;
  ~signpost() {
    for (const int end : ends_) close(end);
  }
  void reach() const { CHECK(write(ends_[1], "", 1) == 1); }
  [[nodiscard]] bool await() const {
    char byte = 0;
    return read(ends_[0], &byte, 1) == 1;
  }

 private:
  std::array<int, 2> ends_{};
};

map_request inherited(map_request request) {
  request.inherit_on_fork = true;
  return request;
}

}  // namespace

TEST_CASE("fork: an excluded region is absent in the child") {
  for_each_kind(2, [](map_request request) {
    request.guard = true;  // keeps what ThreadSanitizer maps in a child out of the gap
    for (const bool shared : {false, true}) {
      CAPTURE(shared);
      request.shared = shared;
      const mapping made = map(request);
      touch(made.usable(), request.page_size, 3);
      CHECK(fate_of_child([&] { return byte_at(made.usable(), 0); }) == segmentation_fault);
      CHECK(holds(made.usable(), request.page_size, 3));
    }
  });
}

TEST_CASE("fork: an excluded region costs no pages, even when it is written to while the child lives") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  const mapping made = map(request_for(backing_kind::hugetlb, 2));
  touch(made.usable(), huge_page, 1);
  const signpost written;
  const auto write_and_count = [&] {
    touch(made.usable(), huge_page, 2);
    CHECK(exact.change() == counters{0, -2, 0, 0});
    written.reach();
  };
  CHECK(fate_of_child([&] { return written.await() ? 0 : 1; }, write_and_count) == success);
}

TEST_CASE("fork: a child reads the value from before, and each side keeps its own") {
  for_each_kind(4, [](map_request request) {
    request.length /= 2;  // the other half of the hugetlb pool is for the copies
    const mapping made = map(inherited(request));
    const range usable = made.usable();
    touch(usable, request.page_size, 1);
    const signpost written;
    const auto read_and_write = [&] {
      if (!holds(usable, request.page_size, 1)) return 1;
      if (!written.await() || !holds(usable, request.page_size, 1)) return 2;
      touch(usable, request.page_size, 2);
      return holds(usable, request.page_size, 2) ? 0 : 3;
    };
    const auto write_meanwhile = [&] {
      touch(usable, request.page_size, 3);
      written.reach();
    };
    CHECK(fate_of_child(read_and_write, write_meanwhile) == success);
    CHECK(holds(usable, request.page_size, 3));
  });
}

TEST_CASE("fork: each copy of an inherited private huge page is one page of the pool, until the child ends") {
  const pool exact(huge_page, 4);
  if (!exact) return;
  const mapping made = map(inherited(request_for(backing_kind::hugetlb, 2)));
  touch(made.usable(), huge_page, 1);
  const signpost counted;
  const auto write_and_count = [&] {
    CHECK(exact.change() == counters{0, -2, 0, 0});
    touch({made.usable().start, huge_page}, huge_page, 2);
    CHECK(exact.change() == counters{0, -3, 0, 0});
    counted.reach();
  };
  CHECK(fate_of_child([&] { return counted.await() ? 0 : 1; }, write_and_count) == success);
  CHECK(exact.change() == counters{0, -2, 0, 0});
}

TEST_CASE("fork: a child that writes where the pool has no page for its copy is killed, the parent lives") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  const mapping made = map(inherited(request_for(backing_kind::hugetlb, 1)));
  touch(made.usable(), huge_page, 1);
  CHECK(fate_of_child([&] {
          touch(made.usable(), huge_page, 2);
          return 0;
        }) == bus_error);
  CHECK(holds(made.usable(), huge_page, 1));
}

TEST_CASE("fork: inherited shared memory is the same on both sides") {
  for_each_kind(2, [](map_request request) {
    request.shared = true;
    const mapping made = map(inherited(request));
    touch(made.usable(), request.page_size, 1);
    CHECK(fate_of_child([&] {
            if (!holds(made.usable(), request.page_size, 1)) return 1;
            touch(made.usable(), request.page_size, 2);
            return 0;
          }) == success);
    CHECK(holds(made.usable(), request.page_size, 2));
  });
}
