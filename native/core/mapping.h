// One mapping of this process: how it is asked of the kernel, and who unmaps it.
#pragma once

#include <memory>
#include <vector>

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
  int node_mode = -1;            // a MPOL_* value for mbind(2), -1 for none
  std::vector<int> nodes;
  // What is mapped, from its start; null for anonymous memory.
  std::shared_ptr<memory_object> object;
};

// Owns its addresses: the destructor unmaps them, guards included.
class mapping {
 public:
  static result<mapping> create(const map_request& request);
  // Addresses for what is asked for, and nothing in them yet: other memory is to be moved there.
  static result<mapping> reserve(const map_request& request);

  mapping(mapping&& other) noexcept;
  mapping& operator=(mapping&&) = delete;
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;
  ~mapping();

  [[nodiscard]] range usable() const { return usable_; }
  [[nodiscard]] size_t page_size() const { return request_.page_size; }
  [[nodiscard]] backing_kind kind() const { return request_.kind; }
  [[nodiscard]] bool shared() const { return request_.shared; }
  [[nodiscard]] bool writable() const { return request_.writable; }
  [[nodiscard]] bool reserves() const { return request_.reserve; }
  // Null for anonymous memory.
  [[nodiscard]] const std::shared_ptr<memory_object>& object() const { return request_.object; }
  // How it was asked for, by its length in whole pages.
  [[nodiscard]] const map_request& request() const { return request_; }

  // Maps a page anew, empty, in the place of what lies there. EOPNOTSUPP of a segment, which is only mapped as a whole; EINVAL of hugetlb
  // before Linux 5.16, which does not move it.
  [[nodiscard]] status renew(range page, int protection) const;

  // Gives the pages and the object back at once and leaves zeroed memory at the same addresses, for pointers that may still be read.
  void overlay();

  // Lays zeroed memory over the addresses; uncover() maps the file again, which is the object, as it was at first.
  void cover() const;
  [[nodiscard]] status uncover() const;

  // Lays zeroed memory where mremap(2) took a part away. False: another thread was quick to map something there.
  [[nodiscard]] bool retake(range part) const;
  // mremap(2) to a part of what was reserved has failed, before or after it made room there. That part goes, and what is reserved behind
  // it: it may have been the number of mappings, and what was moved in front of it has to go back.
  void give_up(range part);
  // A part is no more its own. What is around it goes.
  void give_up_around(range part);
  // Nothing is its own any more.
  void forget() { whole_ = {}; }

 private:
  mapping(range whole, range usable, map_request request);

  range whole_;  // with guards
  range usable_;
  map_request request_;
};

}  // namespace hugepages
