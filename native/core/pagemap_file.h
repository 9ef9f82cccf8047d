// /proc/PID/pagemap: eight bytes for each base page of an address space.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <vector>

#include "core/file.h"
#include "core/range.h"
#include "core/result.h"

namespace hugepages {

// Set by another thread to end long reading, which then fails with ECANCELED.
using stop_flag = std::atomic<bool>;
inline const stop_flag never_stops{false};

class pagemap_file {
 public:
  // `process` 0 is this one. ENOENT: no such process; EACCES: one of somebody else.
  static result<pagemap_file> open(pid_t process);

  // The entries of `count` base pages. ESRCH when the process has ended, and of kernel threads, which have no addresses.
  [[nodiscard]] status read(uintptr_t address, uint64_t* entries, size_t count) const;

  // Of each page of `page_size` bytes, as far as it lies in `part`: the entry of the first base page.
  using visitor = std::function<void(range page, uint64_t entry)>;
  [[nodiscard]] status visit_pages(range part, size_t page_size, const stop_flag& stop, const visitor& visit) const;

  // ESRCH when the memory of which this was opened is no more: its process has ended, or become another program by execve(2).
  [[nodiscard]] status check_alive() const;

  [[nodiscard]] int descriptor() const { return file_.descriptor(); }

 private:
  explicit pagemap_file(file opened) : file_(std::move(opened)) {}

  file file_;
};

// The entry of the first base page of each page of `page_size` bytes: all that there is to know of a hugetlb page.
result<std::vector<uint64_t>> read_page_entries(pid_t process, const std::vector<range>& parts, size_t page_size, const stop_flag& stop);

}  // namespace hugepages
