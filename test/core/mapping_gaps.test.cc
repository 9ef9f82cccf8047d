// Where mremap(2) made a gap, another thread may be quick to map something: nothing of that is touched.
#include <doctest/doctest.h>
#include <sys/mman.h>

#include "support/address_space.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr int read_write = PROT_READ | PROT_WRITE;

// Takes these addresses away from whoever has them, as another thread does that finds a gap there.
class stranger {
 public:
  explicit stranger(range part) : part_(part) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    REQUIRE(mmap(part.pointer(), part.length, read_write, flags, -1, 0) == part.pointer());
    touch(part, base_page_size(), 77);
  }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;
  ~stranger() { munmap(part_.pointer(), part_.length); }

  [[nodiscard]] bool is_undisturbed() const { return maps_of(part_).size() == 1 && holds(part_, base_page_size(), 77); }

 private:
  const range part_;
};

mapping reserve(size_t pages) {
  auto request = request_for(backing_kind::base, pages);
  request.guard = true;
  auto reserved = mapping::reserve(request);
  REQUIRE(outcome(reserved) == "ok");
  return std::move(reserved.value());
}

range around(const mapping& memory) { return {memory.usable().start - base_page_size(), memory.usable().length + 2 * base_page_size()}; }

}  // namespace

TEST_CASE("mapping gaps: zeroed memory is laid where nothing is") {
  const mapping made = map(request_for(backing_kind::base, 3));
  const range middle = page_of(made, 1);
  touch(made.usable(), base_page_size());
  REQUIRE(munmap(middle.pointer(), middle.length) == 0);
  CHECK(made.retake(middle));
  CHECK(byte_at(middle, 0) == 0);
  const stranger other(middle);
  CHECK_FALSE(made.retake(middle));
  CHECK(other.is_undisturbed());
}

TEST_CASE("mapping gaps: what somebody else has is neither overlaid nor unmapped") {
  const stranger* left = nullptr;
  range all;
  {
    mapping made = map(request_for(backing_kind::base, 3));
    all = made.usable();
    left = new stranger(page_of(made, 1));
    made.give_up_around(page_of(made, 1));
    made.overlay();
    CHECK(left->is_undisturbed());
  }
  CHECK(left->is_undisturbed());
  delete left;
  CHECK(maps_of(all).empty());
}

TEST_CASE("mapping gaps: what is reserved is given up to its end, and what is in front of it stays") {
  range all;
  {
    mapping reserved = reserve(4);
    all = around(reserved);
    reserved.give_up(page_of(reserved, 2));
    CHECK(maps_of({page_of(reserved, 2).start, 3 * base_page_size()}).empty());
    CHECK(maps_of({all.start, base_page_size()}).empty());
    CHECK(maps_of(page_of(reserved, 0)).size() == 1);
  }
  CHECK(maps_of(all).empty());
}

TEST_CASE("mapping gaps: nor is what somebody else has there when it is given up") {
  for (const size_t start : {1, 2}) {
    CAPTURE(start);
    mapping reserved = reserve(4);
    const stranger other({page_of(reserved, start).start, base_page_size()});
    // Of two pages, the first or the second.
    reserved.give_up({page_of(reserved, 1).start, 2 * base_page_size()});
    CHECK(other.is_undisturbed());
    CHECK(maps_of(page_of(reserved, 3)).empty());
  }
}
