#include "core/clock.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace hugepages;

TEST_CASE("clock: a step takes a time, and no more than there was") {
  const auto begin = std::chrono::steady_clock::now();
  const double step = clock_step();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
  CHECK(step > 0);
  CHECK(step < took.count());
}
