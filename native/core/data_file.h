// A regular file that memory is read from or written to, through the page cache and, where that was asked for and fits, past it.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/file.h"
#include "core/result.h"

namespace hugepages {

enum class direct_io { never = 0, where_possible = 1, always = 2 };

struct data_file_request {
  std::string path;
  std::shared_ptr<const file> opened;  // instead of the path
  int flags = O_RDONLY;                // of open(2)
  direct_io direct = direct_io::never;
};

class data_file {
 public:
  // Besides what the system calls say: EISDIR and ESPIPE of fstat, this is no regular file; EINVAL of pwrite, a file of hugetlbfs takes
  // none, and one that only appends would not take them in their order; EOPNOTSUPP of open(O_DIRECT).
  static result<std::unique_ptr<data_file>> open(const data_file_request& request);

  data_file(std::shared_ptr<const file> opened, direct_io direct) : through_cache_(std::move(opened)), wanted_(direct) {}

  // Bytes, when it was opened.
  [[nodiscard]] size_t size() const { return size_; }

  // Says at which address the byte at `position` is to be. An error when direct I/O cannot do without, and does not fit.
  status place(size_t position, uintptr_t address);

  [[nodiscard]] status truncate() const;

  // A file that was made for what then cannot be done is no file.
  void forget() const;

  // What reads or writes the next bytes, and how many of them.
  struct step {
    int descriptor;
    size_t length;
    bool direct;
  };
  [[nodiscard]] step next(size_t position, size_t length) const;

  // Why direct I/O was refused, by the file system for example: false when it cannot be done without.
  bool do_without_direct(failure why);
  // Error 0 while it was not.
  [[nodiscard]] failure refused() const { return {refused_, "open(O_DIRECT)"}; }

 private:
  status open_path(const std::string& path, int wanted);
  status get_ready(int wanted);
  status inspect(int flags);
  status open_direct(int access);

  std::shared_ptr<const file> through_cache_;
  std::unique_ptr<const file> direct_;
  const direct_io wanted_;
  std::string made_;  // its path, when open() made it
  size_t size_ = 0;
  size_t offset_alignment_ = 0;
  size_t memory_alignment_ = 0;
  std::atomic<int> refused_{0};
};

}  // namespace hugepages
