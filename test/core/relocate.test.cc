#include "core/relocate.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "support/address_space.h"
#include "support/object.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

relocation of_pages(const map_request& request, size_t pages) {
  relocation to;
  to.length = pages * request.page_size;
  return to;
}

// A memfd of that size, mapped shared.
mapping map_file(const map_request& request) { return map(mapping_of(make(object_for(source_kind::memfd, request)), request)); }

map_request resized(map_request request, size_t pages) {
  request.length = pages * request.page_size;
  return request;
}

}  // namespace

TEST_CASE("relocate: a file grows and shrinks with its mapping") {
  for_each_kind(4, [](const map_request& request) {
    for (const size_t pages : {1, 2, 4}) {
      CAPTURE(pages);
      mapping from = map_file(resized(request, 2));
      touch(from.usable(), request.page_size, 8);
      const auto moved = relocate(from, of_pages(request, pages));
      REQUIRE(outcome(moved) == "ok");
      const mapping& made = moved.value().memory;
      CHECK(made.usable().length == pages * request.page_size);
      CHECK(made.object()->size().value() == made.usable().length);
      for (size_t page = 0; page < pages; page++) CHECK(byte_at(page_of(made, page), 0) == (page < 2 ? 8 : 0));
      // What was cut off is no SIGBUS.
      if (pages == 1) CHECK(byte_at(page_of(from, 1), 0) == 0);
    }
  });
}

TEST_CASE("relocate: a file for whose growth there are no pages keeps its size") {
  const pool exact(huge_page, 2);
  if (!exact) return;
  const auto request = request_for(backing_kind::hugetlb, 2);
  mapping from = map_file(request);
  touch(from.usable(), huge_page, 8);
  CHECK(outcome(relocate(from, of_pages(request, 3))) == "mmap: ENOMEM");
  CHECK(from.object()->size().value() == 2 * huge_page);
  CHECK(holds(from.usable(), huge_page, 8));
}

TEST_CASE("relocate: a file that must not be resized, or has been by others, stays as it is") {
  for_each_kind(3, [](const map_request& request) {
    mapping from = map_file(resized(request, 2));
    touch(from.usable(), request.page_size, 8);
    const auto& file = *from.object();
    REQUIRE(outcome(file.resize(3 * request.page_size)) == "ok");
    CHECK(outcome(relocate(from, of_pages(request, 1))) == "fstat: ERANGE");
    REQUIRE(outcome(relocate(from, of_pages(request, 3))) == "ok");
    REQUIRE(outcome(file.resize(2 * request.page_size)) == "ok");
    REQUIRE(outcome(file.seal(F_SEAL_GROW | F_SEAL_SHRINK)) == "ok");
    for (const size_t pages : {1, 3}) CHECK(outcome(relocate(from, of_pages(request, pages))) == "ftruncate: EPERM");
    CHECK(file.size().value() == 2 * request.page_size);
    CHECK(holds(from.usable(), request.page_size, 8));
  });
}

TEST_CASE("relocate: shared memory without a file, and what is private of one, keep their size") {
  for_each_kind(2, [](map_request request) {
    request.shared = true;
    mapping anonymous = map(resized(request, 1));
    CHECK(outcome(relocate(anonymous, of_pages(request, 2))) == "mremap: EOPNOTSUPP");
    request = mapping_of(make(object_for(source_kind::memfd, request)), request);
    request.shared = false;
    mapping of_file = map(resized(request, 1));
    CHECK(outcome(relocate(of_file, of_pages(request, 2))) == "mremap: EOPNOTSUPP");
  });
}
