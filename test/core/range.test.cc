#include "core/range.h"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace hugepages;

TEST_CASE("range: rounding up to a power of two") {
  CHECK(round_up(0, 4096) == 0);
  CHECK(round_up(1, 4096) == 4096);
  CHECK(round_up(4096, 4096) == 4096);
  CHECK(round_up((uintptr_t{1} << 46) + 1, size_t{1} << 30) == (uintptr_t{1} << 46) + (uintptr_t{1} << 30));
}

TEST_CASE("range: multiples of a power of two") {
  CHECK(is_multiple(0, 4096));
  CHECK(is_multiple(8192, 4096));
  CHECK_FALSE(is_multiple(8193, 4096));
  CHECK_FALSE(is_multiple(4096, 8192));
}

TEST_CASE("range: ends behind its last byte") { CHECK(range{4096, 100}.end() == 4196); }

TEST_CASE("range: the base page is the kernel's") { CHECK(base_page_size() == static_cast<size_t>(getpagesize())); }
