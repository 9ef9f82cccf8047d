// Numbers without a pattern, the same for the same seed: here, and in lib/bench/draw.ts.
#pragma once

#include <cstdint>

namespace hugepages {

// Mulberry32, by Tommy Ettinger: 32 bits of state, and cheap enough to stand between two loads.
class draw {
 public:
  explicit draw(uint32_t seed) : state_(seed) {}

  uint32_t next() {
    state_ += 0x6D2B79F5U;
    uint32_t mixed = (state_ ^ (state_ >> 15U)) * (state_ | 1U);
    mixed ^= mixed + (mixed ^ (mixed >> 7U)) * (mixed | 61U);
    return mixed ^ (mixed >> 14U);
  }

  // 0 for a limit of 0.
  uint32_t below(uint32_t limit) { return static_cast<uint32_t>((uint64_t{next()} * limit) >> 32U); }

 private:
  uint32_t state_;
};

}  // namespace hugepages
