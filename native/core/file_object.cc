#include "core/file_object.h"

#include "core/uapi.h"

namespace hugepages {

file_object::~file_object() {
  if (unlink_unless_kept_) unlink(path_.c_str());
}

result<range> file_object::map(range where, bool fixed, int protection, int flags) const {
  const int placed = fixed ? flags | MAP_FIXED_NOREPLACE : flags;
  void* pointer = mmap(where.pointer(), where.length, protection, placed, descriptor(), 0);
  if (pointer == MAP_FAILED) return last_failure("mmap");
  return range{reinterpret_cast<uintptr_t>(pointer), where.length};
}

}  // namespace hugepages
