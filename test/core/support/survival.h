// Memory that survives, for tests: without a reservation, so that a pool of any size refuses what it has not.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "core/sigbus.h"
#include "core/survival.h"
#include "memory.h"

namespace hugepages::test {

inline map_request unreserved(size_t pages, bool shared = false) {
  map_request request = request_for(backing_kind::hugetlb, pages);
  request.reserve = false;
  request.shared = shared;
  return request;
}

inline std::unique_ptr<survival> survive_on(const mapping& memory) {
  auto begun = survival::begin(memory);
  REQUIRE(outcome(begun) == "ok");
  return std::move(begun.value());
}

inline std::vector<size_t> offsets_since(const survival& of, uint64_t& position) {
  auto found = of.since(position);
  CHECK(found.missed == 0);
  return found.offsets;
}

// fate_of_child() gives its child the default action.
inline void survive_again() {
  if (!respond_to_sigbus(survive).ok()) _exit(101);
}

}  // namespace hugepages::test
