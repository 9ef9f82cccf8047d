#include "core/substitute.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/touch.h"

namespace hugepages {
namespace {

constexpr long failed = -1;

// Not through the C library's mmap(3), which sanitizers replace by what is no good in a signal handler.
uintptr_t map_base_pages(uintptr_t where, const substitute_request& request, int more_flags) {
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | more_flags;
  const long mapped = syscall(SYS_mmap, where, request.page.length, request.protection, flags, -1, 0L);
  if (mapped == failed) return 0;
  if (!request.inherit_on_fork) syscall(SYS_madvise, mapped, request.page.length, MADV_DONTFORK);
  return static_cast<uintptr_t>(mapped);
}

}  // namespace

// rt_sigprocmask(2) reads the mask before it looks at what to do with it: EFAULT or EINVAL.
bool is_readable(uintptr_t address) {
  constexpr int nothing = -1;
  syscall(SYS_rt_sigprocmask, nothing, address & ~uintptr_t{7}, nullptr, 8UL);
  return errno == EINVAL;
}

bool is_writable(uintptr_t address) { return populate_by_futex({address & ~uintptr_t{3}, 1}, 1).ok(); }

bool substitute_zeros(const substitute_request& request) { return map_base_pages(request.page.start, request, MAP_FIXED) != 0; }

bool substitute_copy(const substitute_request& request) {
  const range page = request.page;
  const range copy{map_base_pages(0, request, 0), page.length};
  if (copy.start == 0) return false;
  std::memcpy(copy.pointer(), page.pointer(), page.length);
  // As late as can be: a page that another thread could write to by now would be lost.
  const bool needless = is_writable(page.start);
  if (!needless && syscall(SYS_mremap, copy.start, copy.length, copy.length, MREMAP_MAYMOVE | MREMAP_FIXED, page.start) != failed) {
    return true;
  }
  syscall(SYS_munmap, copy.start, copy.length);
  return needless;
}

}  // namespace hugepages
