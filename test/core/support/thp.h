// The machine's mode of transparent huge pages, set for one test.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "kernel_file.h"
#include "needs.h"

namespace hugepages::test {

inline const std::string thp_file = "/sys/kernel/mm/transparent_hugepage/enabled";

inline bool needs_thp() { return needs(read_line(thp_file).has_value(), obstacle::machine, "this kernel has no transparent huge pages"); }

class thp_mode {
 public:
  explicit thp_mode(const std::string& mode) {
    if (!needs_thp()) return;
    // "always [madvise] never"
    const std::string modes = *read_line(thp_file);
    const size_t open = modes.find('[') + 1;
    const std::string current = modes.substr(open, modes.find(']') - open);
    if (current == mode) {
      ready_ = true;
    } else if (needs_root("setting the THP mode")) {
      earlier_ = current;
      ready_ = write_value(thp_file, mode);
      CHECK(ready_);
    }
  }
  thp_mode(const thp_mode&) = delete;
  thp_mode& operator=(const thp_mode&) = delete;
  ~thp_mode() {
    if (!earlier_.empty()) CHECK(write_value(thp_file, earlier_));
  }

  // False: the test has been skipped.
  explicit operator bool() const { return ready_; }

 private:
  std::string earlier_;
  bool ready_ = false;
};

}  // namespace hugepages::test
