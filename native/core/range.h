// A range of addresses, and the arithmetic of pages.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hugepages {

struct range {
  uintptr_t start = 0;
  size_t length = 0;

  [[nodiscard]] uintptr_t end() const { return start + length; }
  // For the kernel's interfaces, all of which take a pointer.
  [[nodiscard]] void* pointer() const { return reinterpret_cast<void*>(start); }  // NOLINT(performance-no-int-to-ptr)
};

// `unit` is a power of two.
constexpr uintptr_t round_up(uintptr_t value, size_t unit) { return (value + unit - 1) & ~(uintptr_t{unit} - 1); }
constexpr uintptr_t round_down(uintptr_t value, size_t unit) { return value & ~(uintptr_t{unit} - 1); }
constexpr bool is_multiple(uintptr_t value, size_t unit) { return (value & (unit - 1)) == 0; }

// sysconf(_SC_PAGESIZE), asked once.
size_t base_page_size();

}  // namespace hugepages
