// Objects to map: requests for them, and mappings of them.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "core/memory_object.h"
#include "memory.h"

namespace hugepages::test {

inline object_request object_for(source_kind source, const map_request& mapping) {
  object_request request;
  request.source = source;
  request.length = mapping.length;
  request.page_size = mapping.page_size;
  request.hugetlb = mapping.kind == backing_kind::hugetlb;
  request.reserve = mapping.reserve;
  return request;
}

inline std::shared_ptr<memory_object> make(const object_request& request) {
  auto made = memory_object::create(request);
  REQUIRE(outcome(made) == "ok");
  return std::move(made.value());
}

// Shared, of all of it.
inline map_request mapping_of(std::shared_ptr<memory_object> object, map_request request) {
  request.shared = true;
  request.object = std::move(object);
  return request;
}

inline size_t open_descriptors() {
  const std::filesystem::directory_iterator entries("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace hugepages::test
