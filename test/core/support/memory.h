// Mappings for tests: one request for each kind of backing, and access to their bytes.
#pragma once

#include <doctest/doctest.h>

#include <utility>

#include "core/mapping.h"
#include "outcome.h"
#include "pool.h"
#include "thp.h"

namespace hugepages::test {

inline map_request request_for(backing_kind kind, size_t pages) {
  map_request request;
  request.kind = kind;
  request.page_size = kind == backing_kind::base ? base_page_size() : huge_page;
  request.length = pages * request.page_size;
  return request;
}

// Runs `body` with a request of `pages` pages of each kind that this run can have. The hugetlb pool has as many pages.
template <class Body>
void for_each_kind(size_t pages, Body body) {
  {
    INFO("kind: base");
    body(request_for(backing_kind::base, pages));
  }
  if (const thp_mode madvised("madvise"); madvised) {
    INFO("kind: thp");
    body(request_for(backing_kind::thp, pages));
  }
  if (const pool exact(huge_page, static_cast<long>(pages)); exact) {
    INFO("kind: hugetlb");
    body(request_for(backing_kind::hugetlb, pages));
  }
}

inline mapping map(const map_request& request) {
  auto made = mapping::create(request);
  REQUIRE(outcome(made) == "ok");
  return std::move(made.value());
}

inline range page_of(const mapping& memory, size_t index) {
  return {memory.usable().start + index * memory.page_size(), memory.page_size()};
}

inline volatile unsigned char& byte_at(range part, size_t offset) { return static_cast<volatile unsigned char*>(part.pointer())[offset]; }

// Writes `value` to the first byte of each page.
inline void touch(range part, size_t page_size, unsigned char value = 1) {
  for (size_t offset = 0; offset < part.length; offset += page_size) byte_at(part, offset) = value;
}

// Whether the first byte of each page is `value`.
inline bool holds(range part, size_t page_size, unsigned char value) {
  for (size_t offset = 0; offset < part.length; offset += page_size) {
    if (byte_at(part, offset) != value) return false;
  }
  return true;
}

}  // namespace hugepages::test
