// Cache lines at a stride, one for each page that a measurement touches, and the cycle of words through them that a dependent chase
// follows.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

constexpr size_t line_bytes = 64;

// `count` lines, one in each `stride` bytes.
class line_set {
 public:
  // `stride`: a power of two, of at least a line.
  line_set(size_t stride, size_t count) : stride_(stride), count_(count) {
    while ((line_bytes << places_shift_) < stride) places_shift_++;
  }

  [[nodiscard]] size_t count() const { return count_; }
  [[nodiscard]] size_t bytes() const { return stride_ * count_; }

  // Lines at the same place of every stride would share a few sets of each cache, and miss there what is taken for misses of the TLB. The
  // place is the line's number, folded: neighbours differ in the sets of a first cache, and what is alike there differs in the bits that
  // choose the sets of a second one.
  [[nodiscard]] size_t offset(size_t index) const {
    size_t place = index;
    for (size_t rest = index >> places_shift_; places_shift_ != 0 && rest != 0; rest >>= places_shift_) place ^= rest;
    return index * stride_ + (place & ((size_t{1} << places_shift_) - 1)) * line_bytes;
  }

 private:
  size_t stride_;
  size_t count_;
  unsigned places_shift_ = 0;
};

// Has the first word of each line hold where the next line is, in words from the start of `part`: one cycle through all lines, in an
// order that `seed` decides. Every page of the lines has to be there and writable. ENOMEM for want of memory to shuffle in.
status lay_cycle(range part, line_set lines, uint32_t seed);

}  // namespace hugepages
