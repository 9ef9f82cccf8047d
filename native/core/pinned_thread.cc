#include "core/pinned_thread.h"

#include "core/cpus.h"

namespace hugepages {

pinned_thread::pinned_thread(int cpu) {
  if (cpu < 0) return;
  before_ = allowed_cpus();
  const auto pinned = pin_this_thread({cpu});
  if (!pinned.ok()) error_ = pinned.error();
}

pinned_thread::~pinned_thread() {
  if (error_.error == 0 && !before_.empty()) (void)pin_this_thread(before_);
}

}  // namespace hugepages
