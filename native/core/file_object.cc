#include "core/file_object.h"

#include <sys/stat.h>

#include "core/uapi.h"

namespace hugepages {

result<range> file_object::map(range where, bool fixed, int protection, int flags) {
  const int placed = fixed ? flags | MAP_FIXED_NOREPLACE : flags;
  void* pointer = mmap(where.pointer(), where.length, protection, placed, descriptor(), 0);
  if (pointer == MAP_FAILED) return last_failure("mmap");
  return range{reinterpret_cast<uintptr_t>(pointer), where.length};
}

result<size_t> file_object::size() const {
  struct stat facts {};
  if (fstat(descriptor(), &facts) != 0) return last_failure("fstat");
  return static_cast<size_t>(facts.st_size);
}

status file_object::resize(size_t length) const {
  return ftruncate(descriptor(), static_cast<off_t>(length)) == 0 ? done() : last_failure("ftruncate");
}

result<int> file_object::seals() const {
  const int seals = fcntl(descriptor(), F_GET_SEALS);
  if (seals < 0) return last_failure("fcntl(F_GET_SEALS)");
  return seals;
}

status file_object::seal(int seals) const {
  return fcntl(descriptor(), F_ADD_SEALS, seals) == 0 ? done() : last_failure("fcntl(F_ADD_SEALS)");
}

}  // namespace hugepages
