// One entry of /proc/PID/pagemap: Documentation/admin-guide/mm/pagemap.rst.
#pragma once

#include <cstdint>

namespace hugepages {

// By its value, lib/native: PageState.
enum page_state : uint8_t {
  page_present = 1,
  page_swapped = 2,
  page_soft_dirty = 4,
  page_of_file = 8,  // of a file or of shared memory, in contrast to the process's own
  page_exclusive = 16,
};

class page_entry {
 public:
  explicit constexpr page_entry(uint64_t bits) : bits_(bits) {}

  // A set of page_state.
  [[nodiscard]] constexpr uint8_t state() const {
    return static_cast<uint8_t>(bit(63) * page_present | bit(62) * page_swapped | bit(55) * page_soft_dirty | bit(61) * page_of_file |
                                bit(56) * page_exclusive);
  }
  [[nodiscard]] constexpr bool present() const { return bit(63) != 0; }
  // 0 of what is not present, and without CAP_SYS_ADMIN.
  [[nodiscard]] constexpr uint64_t frame() const { return present() ? bits_ & ((uint64_t{1} << 55U) - 1) : 0; }

 private:
  [[nodiscard]] constexpr unsigned bit(unsigned number) const { return static_cast<unsigned>(bits_ >> number & 1U); }

  uint64_t bits_;
};

}  // namespace hugepages
