// A file descriptor that closes itself.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace hugepages {

class file {
 public:
  // Check with is_open(); errno is open(2)'s.
  explicit file(const char* path, int flags = O_RDONLY, mode_t mode = 0) : descriptor_(open(path, flags | O_CLOEXEC, mode)) {}
  // Owns a descriptor that another system call returned.
  explicit file(int descriptor) : descriptor_(descriptor) {}
  file(file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  file& operator=(file&&) = delete;
  ~file() {
    if (is_open()) close(descriptor_);
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace hugepages
