#include "core/clock.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace hugepages {
namespace {

constexpr int steps = 8192;
// The fastest of these was not disturbed.
constexpr int tries = 5;

// Multiplications, each of which needs the one before.
void take_steps() {
  uint64_t value = 1;
  for (int step = 0; step < steps; step++) {
    value *= 0x9E3779B97F4A7C15U;
    asm volatile("" : "+r"(value));  // neither folded nor left out
  }
}

}  // namespace

double clock_step() {
  using clock = std::chrono::steady_clock;
  double fastest = std::numeric_limits<double>::max();
  for (int attempt = 0; attempt < tries; attempt++) {
    const auto begin = clock::now();
    take_steps();
    const std::chrono::duration<double, std::nano> took = clock::now() - begin;
    fastest = std::min(fastest, took.count());
  }
  return fastest / steps;
}

}  // namespace hugepages
