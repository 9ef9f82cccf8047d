#include "core/cache_lines.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <vector>

using namespace hugepages;

namespace {

// How many lines fall into each of `sets` sets of a cache, where addresses are as contiguous as those of a huge page.
std::map<size_t, size_t> by_set(const line_set& lines, size_t sets) {
  std::map<size_t, size_t> counts;
  for (size_t i = 0; i < lines.count(); i++) counts[lines.offset(i) / line_bytes % sets]++;
  return counts;
}

}  // namespace

TEST_CASE("cache lines: each is a whole line in a stride of its own") {
  for (const size_t stride : {64, 128, 4096, 1 << 21}) {
    const line_set lines(stride, 5000);
    for (size_t i = 0; i < lines.count(); i++) {
      const size_t offset = lines.offset(i);
      REQUIRE(offset % line_bytes == 0);
      REQUIRE(offset / stride == i);
    }
    CHECK(lines.bytes() == 5000 * stride);
  }
}

TEST_CASE("cache lines: every set of a cache gets as many as the others, at any stride") {
  for (size_t stride = 64; stride <= size_t{1} << 24; stride *= 2) {
    CAPTURE(stride);
    const line_set few(stride, 256);
    for (const auto& [set, count] : by_set(few, 64)) CHECK(count == 4);
    const line_set many(stride, 4096);
    CHECK(by_set(many, 64).size() == 64);
    for (const auto& [set, count] : by_set(many, 2048)) CHECK(count <= 4);
  }
}

TEST_CASE("cache lines: a cycle leads through all of them, and writes to nothing else") {
  for (const size_t stride : {64, 4096, 65536}) {
    for (const size_t count : {1, 2, 3, 64, 100}) {
      const line_set lines(stride, count);
      std::vector<uint32_t> words(lines.bytes() / sizeof(uint32_t), 0xffffffff);
      REQUIRE(lay_cycle({reinterpret_cast<uintptr_t>(words.data()), lines.bytes()}, lines, 7).ok());
      std::set<size_t> first_words;
      for (size_t i = 0; i < count; i++) first_words.insert(lines.offset(i) / sizeof(uint32_t));
      for (size_t i = 0; i < words.size(); i++) REQUIRE((words[i] != 0xffffffff) == (first_words.count(i) == 1));
      std::set<size_t> visited;
      for (size_t at = lines.offset(0) / sizeof(uint32_t); visited.insert(at).second;) at = words[at];
      CHECK(visited == first_words);
    }
  }
}

TEST_CASE("cache lines: the seed decides the order, and the same seed the same") {
  const line_set lines(64, 1000);
  const auto laid = [&lines](uint32_t seed) {
    std::vector<uint32_t> words(lines.bytes() / sizeof(uint32_t));
    REQUIRE(lay_cycle({reinterpret_cast<uintptr_t>(words.data()), lines.bytes()}, lines, seed).ok());
    return words;
  };
  CHECK(laid(1) == laid(1));
  CHECK(laid(1) != laid(2));
}
