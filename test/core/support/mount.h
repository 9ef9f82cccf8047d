// hugetlbfs mounted for one test.
#pragma once

#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "needs.h"

namespace hugepages::test {

class mounted {
 public:
  // `options`: of the file system, such as "pagesize=2M".
  explicit mounted(const std::string& options, unsigned long flags = 0) {
    if (!needs_root("mounting")) return;
    char directory[] = "/tmp/hugepages-test-mounts-XXXXXX";
    REQUIRE(mkdtemp(directory) != nullptr);
    REQUIRE(chmod(directory, 0755) == 0);
    directory_ = directory;
    REQUIRE(mkdir(path().c_str(), 0755) == 0);
    ready_ = mount("none", path().c_str(), "hugetlbfs", flags, options.c_str()) == 0;
    CHECK(ready_);
  }
  mounted(const mounted&) = delete;
  mounted& operator=(const mounted&) = delete;
  ~mounted() {
    if (ready_) CHECK(umount2(path().c_str(), 0) == 0);
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  // False: the test has been skipped.
  explicit operator bool() const { return ready_; }

  [[nodiscard]] std::string path(const std::string& name = "") const { return directory_ + (name.empty() ? "/m" : "/m/" + name); }
  [[nodiscard]] bool is_empty() const { return std::filesystem::is_empty(path()); }

 private:
  std::string directory_;
  bool ready_ = false;
};

}  // namespace hugepages::test
