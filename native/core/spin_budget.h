// How long it pays to look again and again before a thread sleeps: as long as answers used to come within that time.
#pragma once

#include <chrono>
#include <cstdint>

namespace hugepages {

class spin_budget {
 public:
  // Every sixteenth spin is a whole one, to find out when things have changed.
  std::chrono::nanoseconds next() { return ++asked_ % 16 == 0 ? whole : current_; }
  void learn(bool answered) { current_ = answered ? whole : current_ / 2; }

 private:
  // More than somebody takes to answer who does not spin: else two would never find out that they could.
  static constexpr std::chrono::nanoseconds whole = std::chrono::microseconds(100);

  std::chrono::nanoseconds current_ = whole;
  uint32_t asked_ = 0;
};

}  // namespace hugepages
