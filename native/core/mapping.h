// One mapping of this process: how it is asked of the kernel, and who unmaps it.
#pragma once

#include <memory>

#include "core/memory_object.h"
#include "core/range.h"
#include "core/result.h"

namespace hugepages {

enum class backing_kind { hugetlb = 0, thp = 1, base = 2 };

struct map_request {
  backing_kind kind = backing_kind::base;
  size_t length = 0;             // rounded up to whole pages
  size_t page_size = 0;          // of the backing, a power of two
  size_t alignment = 0;          // a power of two; 0 for the page size
  uintptr_t hint = 0;            // where mmap(2) may put it
  bool shared = false;           // MAP_SHARED instead of MAP_PRIVATE
  bool reserve = true;           // false: MAP_NORESERVE
  bool guard = false;            // one inaccessible base page on either side
  bool inherit_on_fork = false;  // false: MADV_DONTFORK
  bool writable = true;          // false: reading it is all that is allowed
  // What is mapped, from its start; null for anonymous memory.
  std::shared_ptr<memory_object> object;
};

// Owns its addresses: the destructor unmaps them, guards included.
class mapping {
 public:
  static result<mapping> create(const map_request& request);

  mapping(mapping&& other) noexcept;
  mapping& operator=(mapping&&) = delete;
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;
  ~mapping();

  [[nodiscard]] range usable() const { return usable_; }
  [[nodiscard]] size_t page_size() const { return page_size_; }
  [[nodiscard]] backing_kind kind() const { return kind_; }
  [[nodiscard]] bool shared() const { return shared_; }
  [[nodiscard]] bool writable() const { return writable_; }
  [[nodiscard]] bool reserves() const { return reserves_; }
  // Null for anonymous memory.
  [[nodiscard]] const std::shared_ptr<memory_object>& object() const { return object_; }

  // Maps a page anew, empty, in the place of what lies there. EOPNOTSUPP of a segment, which is only mapped as a whole; EINVAL of hugetlb
  // before Linux 5.16, which does not move it.
  [[nodiscard]] status renew(range page, int protection, bool inherit_on_fork) const;

  // Gives the pages and the object back at once and leaves zeroed memory at the same addresses, for pointers that may still be read.
  void overlay();

 private:
  mapping(range whole, range usable, const map_request& request);

  range whole_;  // with guards
  range usable_;
  size_t page_size_;
  backing_kind kind_;
  bool shared_;
  bool writable_;
  bool reserves_;
  std::shared_ptr<memory_object> object_;
};

}  // namespace hugepages
