// move_pages: pages get other addresses, all of them or none.
#include "core/page_move.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <string>

#include "support/address_space.h"
#include "support/child.h"
#include "support/crowd.h"
#include "support/memory.h"
#include "support/refuse.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr size_t pages = 4;

// Aligned, so that addresses tell which page it is.
map_request aligned(map_request request) {
  request.alignment = pages * request.page_size;
  return request;
}

map_request resized(map_request request, size_t new_pages) {
  request.length = new_pages * request.page_size;
  return request;
}

mapping reserve(const map_request& request) {
  auto reserved = mapping::reserve(request);
  REQUIRE(outcome(reserved) == "ok");
  return std::move(reserved.value());
}

// The number of each page in it, and every other one read-only: the kernel has a mapping of its own for each.
bool number_pages(const mapping& memory) {
  for (size_t page = 0; page < pages; page++) {
    const range part = page_of(memory, page);
    touch(part, memory.page_size(), static_cast<unsigned char>(page + 1));
    if (page % 2 == 1 && mprotect(part.pointer(), part.length, PROT_READ) != 0) return false;
  }
  return true;
}

bool has_numbers(const mapping& memory, size_t count = pages) {
  for (size_t page = 0; page < count; page++) {
    if (byte_at(page_of(memory, page), 0) != page + 1) return false;
  }
  return true;
}

// Has `attempt` called, in a child, with numbered pages of that kind. It returns what is wrong, 0 when nothing is.
template <class Attempt>
std::string fate_of_move(const map_request& request, Attempt attempt) {
  return fate_of_child([&] {
    auto made = mapping::create(aligned(request));
    if (!made.ok() || !number_pages(made.value())) return 100;
    return static_cast<int>(attempt(made.value()));
  });
}

// That a move to `to_pages` is refused, and everything is as it was.
int refused(mapping& from, const map_request& request, size_t to_pages) {
  auto to = mapping::reserve(resized(aligned(request), to_pages));
  if (!to.ok()) return 101;
  const auto moved = move_pages(from, to.value());
  if (outcome(moved) != "mremap: ENOMEM") return 102;
  return has_numbers(from) ? 0 : 103;
}

}  // namespace

TEST_CASE("page move: all pages, with what was said of parts of them, and zeroed memory where they were") {
  for_each_kind(pages, [](const map_request& request) {
    mapping from = map(aligned(request));
    REQUIRE(number_pages(from));
    mapping to = reserve(aligned(request));
    REQUIRE(outcome(move_pages(from, to)) == "ok");
    CHECK(has_numbers(to));
    CHECK(maps_of(page_of(to, 1)).at(0).permissions == "r--p");
    byte_at(page_of(to, 2), 0) = 9;
    CHECK(byte_at(page_of(from, 2), 0) == 0);
    CHECK(has_vm_flag(to.usable().start, "dc"));
  });
}

TEST_CASE("page move: fewer pages than there were") {
  for_each_kind(pages, [](const map_request& request) {
    mapping from = map(aligned(request));
    REQUIRE(number_pages(from));
    mapping to = reserve(resized(request, 1));
    REQUIRE(outcome(move_pages(from, to)) == "ok");
    CHECK(has_numbers(to, 1));
    CHECK(byte_at(page_of(from, 0), 0) == 0);
    CHECK(byte_at(page_of(from, 3), 0) == 4);
  });
}

TEST_CASE("page move: more pages than there were, which hugetlb never has") {
  for_each_kind(2 * pages, [](const map_request& request) {
    mapping from = map(resized(aligned(request), pages));
    REQUIRE(number_pages(from));
    mapping to = reserve(aligned(request));
    const auto moved = move_pages(from, to);
    if (request.kind == backing_kind::hugetlb) {
      CHECK(outcome(moved) == "mremap: EINVAL");
      CHECK(has_numbers(from));
      return;
    }
    REQUIRE(outcome(moved) == "ok");
    CHECK(has_numbers(to));
    for (size_t page = pages; page < 2 * pages; page++) {
      CHECK(byte_at(page_of(to, page), 0) == 0);
      byte_at(page_of(to, page), 0) = 1;
    }
    CHECK(holds(from.usable(), from.page_size(), 0));
  });
}

TEST_CASE("page move: growing what has several parts in its last huge page") {
  const thp_mode madvised("madvise");
  if (!madvised) return;
  const auto request = request_for(backing_kind::thp, 2);
  mapping from = map(resized(request, 1));
  touch(from.usable(), base_page_size(), 5);
  const range end{from.usable().end() - base_page_size(), base_page_size()};
  REQUIRE(mprotect(end.pointer(), end.length, PROT_READ) == 0);
  mapping to = reserve(request);
  REQUIRE(outcome(move_pages(from, to)) == "ok");
  CHECK(holds({to.usable().start, huge_page}, base_page_size(), 5));
  CHECK(holds({to.usable().start + huge_page, huge_page}, base_page_size(), 0));
  CHECK(maps_of({to.usable().start + huge_page - 1, 1}).at(0).permissions == "r--p");
  touch({to.usable().start + huge_page, huge_page}, base_page_size());
}

TEST_CASE("page move: refused half way, everything is back") {
  for_each_kind(pages, [](const map_request& request) {
    // Of the number of the page that is refused.
    for (const uint32_t bits : {0, 1, 2, 3}) {
      CAPTURE(bits);
      const auto refuse_page = [&] { return refuse(SYS_mremap, 0, bits * static_cast<uint32_t>(request.page_size), ENOMEM); };
      CHECK(fate_of_move(request, [&](mapping& from) { return refuse_page() ? refused(from, request, pages) : 104; }) == success);
    }
  });
}

TEST_CASE("page move: refused while it grows, everything is back") {
  const auto request = request_for(backing_kind::base, pages);
  const auto page = static_cast<uint32_t>(base_page_size());
  for (const uint32_t bits : {0, 1, 2, 3}) {
    CAPTURE(bits);
    CHECK(fate_of_move(request, [&](mapping& from) {
            return refuse(SYS_mremap, 0, bits * page, ENOMEM) ? refused(from, request, 2 * pages) : 104;
          }) == success);
  }
  // The last step alone has a length of several pages.
  CHECK(fate_of_move(request, [&](mapping& from) {
          return refuse(SYS_mremap, 2, 4 * page, ENOMEM) ? refused(from, request, 2 * pages) : 104;
        }) == success);
}

#ifndef __SANITIZE_THREAD__  // which maps memory of its own for what is mapped
namespace {

// Whether a move to `to_pages` succeeds.
bool arrives(mapping& from, const map_request& request, size_t to_pages) {
  auto to = mapping::reserve(resized(aligned(request), to_pages));
  return to.ok() && move_pages(from, to.value()).ok() && has_numbers(to.value());
}

}  // namespace

TEST_CASE("page move: where the process has as many mappings as it may have, nothing is lost") {
  for_each_kind(2 * pages, [](const map_request& twice) {
    const auto request = resized(twice, pages);
    for (const size_t to_pages : {pages, 2 * pages}) {
      if (request.kind == backing_kind::hugetlb && to_pages != pages) continue;
      CAPTURE(to_pages);
      CHECK(fate_of_move(request, [&](mapping& from) {
              // Sanitizers map memory for what the first move needs.
              auto first = mapping::create(aligned(request));
              if (!first.ok() || !number_pages(first.value()) || !arrives(first.value(), request, to_pages)) return 98;
              crowd others;
              for (size_t room = 0; room < 40; room++, others.leave()) {
                if (arrives(from, request, to_pages)) return 0;
                if (!has_numbers(from)) return static_cast<int>(2 + room);
              }
              return 99;
            }) == success);
    }
  });
}
#endif
