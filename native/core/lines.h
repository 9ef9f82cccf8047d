// Text files of the kernel, line by line.
#pragma once

#include <cstdio>
#include <cstring>
#include <memory>

namespace hugepages {

class lines {
 public:
  // Check with is_open().
  explicit lines(const char* path) : file_(fopen(path, "re"), fclose) {}

  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  // The reading that ended in no line failed.
  [[nodiscard]] bool failed() const { return ferror(file_.get()) != 0; }

  // Null at the end. A long line is cut off: its end is the name of a file, which may look like a line itself.
  [[nodiscard]] const char* next() {
    for (;;) {
      const bool rest = cut_;
      if (fgets(line_, sizeof line_, file_.get()) == nullptr) return nullptr;
      cut_ = strchr(line_, '\n') == nullptr;
      if (!rest) return line_;
    }
  }

 private:
  std::unique_ptr<FILE, int (*)(FILE*)> file_;
  char line_[4096];
  bool cut_ = false;
};

}  // namespace hugepages
