// A stop that poll(2) sees: eventfd(2).
#pragma once

#include <sys/eventfd.h>

#include "core/file.h"

namespace hugepages {

class stop_event {
 public:
  // Check with is_open().
  stop_event() : event_(eventfd(0, EFD_CLOEXEC)) {}

  [[nodiscard]] bool is_open() const { return event_.is_open(); }
  [[nodiscard]] int descriptor() const { return event_.descriptor(); }

  // From any thread; for good.
  void set() const { (void)eventfd_write(event_.descriptor(), 1); }

 private:
  const file event_;
};

}  // namespace hugepages
