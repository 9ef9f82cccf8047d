// As many mappings as one process may have: vm.max_map_count. In a child, which needs some for itself.
#pragma once

#include <sys/mman.h>

#include "core/range.h"

namespace hugepages::test {

class crowd {
 public:
  crowd() : area_(mmap(nullptr, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    // Every other page becomes a mapping of its own.
    for (size_t page = 1; mprotect(at(page), base_page_size(), PROT_READ) == 0; page += 2) {
    }
  }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd() { munmap(area_, length); }

  // Makes room for one more.
  void leave() { munmap(at(left_++), base_page_size()); }

 private:
  static constexpr size_t length = size_t{1} << 30U;

  [[nodiscard]] void* at(size_t page) const { return static_cast<char*>(area_) + page * base_page_size(); }

  void* area_;
  size_t left_ = 0;
};

}  // namespace hugepages::test
