#include "core/touch.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/feature.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

template <class Call>
bool retried(Call call) {
  int outcome = 0;
  do {
    outcome = call();
  } while (outcome != 0 && (errno == EINTR || errno == EAGAIN));
  return outcome == 0;
}

status try_populate_write() {
  const size_t size = base_page_size();
  void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return last_failure("mmap");
  const auto populated = populate_by_madvise({reinterpret_cast<uintptr_t>(page), size});
  munmap(page, size);
  return populated;
}

}  // namespace

bool has_populate_write() {
  static feature populate_write;
  return populate_write.present(try_populate_write);
}

status populate_by_madvise(range part) {
  if (retried([&] { return madvise(part.pointer(), part.length, MADV_POPULATE_WRITE); })) return done();
  return last_failure("madvise(MADV_POPULATE_WRITE)");
}

status populate_by_futex(range part, size_t page_size) {
  // FUTEX_WAKE_OP changes the word at its second address atomically, here by OR with 0, and answers EFAULT where that cannot be
  // written. Nobody waits on the first address. A byte read from /dev/zero would touch as well, and would erase what is there.
  static int nobody = 0;
  constexpr int or_with_zero = FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_LT, 0);
  for (uintptr_t page = part.start; page < part.end(); page += page_size) {
    const auto touch = [&] { return syscall(SYS_futex, &nobody, FUTEX_WAKE_OP_PRIVATE, 0, 0UL, page, or_with_zero) < 0 ? -1 : 0; };
    if (!retried(touch)) return last_failure("futex(FUTEX_WAKE_OP)");
  }
  return done();
}

status populate(range part, size_t page_size) {
  return has_populate_write() ? populate_by_madvise(part) : populate_by_futex(part, page_size);
}

status collapse(range part) {
  // EAGAIN: a page was locked or on its way elsewhere for the moment. Bounded, because it can stay so.
  for (int attempt = 0;; attempt++) {
    if (madvise(part.pointer(), part.length, MADV_COLLAPSE) == 0) return done();
    if (errno != EAGAIN || attempt == 3) return last_failure("madvise(MADV_COLLAPSE)");
  }
}

}  // namespace hugepages
