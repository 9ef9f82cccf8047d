// A file descriptor that closes itself, and the kernel's files.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace hugepages {

class file {
 public:
  // Check with is_open(); errno is open(2)'s.
  explicit file(const char* path, int flags = O_RDONLY) : descriptor_(open(path, flags | O_CLOEXEC)) {}
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() {
    if (is_open()) close(descriptor_);
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace hugepages
