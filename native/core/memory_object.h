// What a mapping maps that other mappings, and other processes, can map too: a memfd, a file of hugetlbfs, a System V segment.
#pragma once

#include <memory>
#include <string>

#include "core/range.h"
#include "core/result.h"

namespace hugepages {

enum class source_kind { anonymous = 0, memfd = 1, file = 2, sysv = 3 };

struct object_request {
  source_kind source = source_kind::memfd;
  size_t length = 0;        // whole pages
  size_t page_size = 0;     // of the pool
  bool hugetlb = true;      // false: of ordinary pages, which files of hugetlbfs never have
  bool reserve = true;      // false: a segment is made without a reservation; of the others mmap(2) decides
  bool persistent = false;  // outlives this process: a file keeps its name, a segment its key
  bool adopt = false;       // take the file or segment of that name where there is one
  std::string path;         // of the file, or of the directory to make one without a name in
  std::string name;         // of a memfd, for people
  int key = 0;              // of the segment; 0 is IPC_PRIVATE
};

class memory_object {
 public:
  // Nothing of it stays when this process is killed at any moment, except for what is persistent and complete.
  //
  // Besides what the system calls say: ERANGE of statx or shmctl, an adopted one has another size, or a segment other pages; EINVAL of
  // fstatfs, the path is on no hugetlbfs, and ERANGE of fstatfs, it has pages of another size.
  static result<std::shared_ptr<memory_object>> create(const object_request& request);

  memory_object() = default;
  memory_object(const memory_object&) = delete;
  memory_object& operator=(const memory_object&) = delete;
  virtual ~memory_object() = default;

  [[nodiscard]] virtual source_kind source() const = 0;
  // Maps it from its start: at `where.start` if it is `fixed`, which is EEXIST where something is mapped already, else anywhere.
  // `flags`: MAP_SHARED or MAP_PRIVATE, MAP_NORESERVE. ERANGE of shmctl: an adopted segment has pages of another size, or is.
  [[nodiscard]] virtual result<range> map(range where, bool fixed, int protection, int flags) = 0;
  // All that was asked for is done: what is persistent and new stays. Without it, its name goes with the object.
  virtual void keep() {}

  // Those that have no fixed size, a memfd and a file, answer and do this; of a segment it is EOPNOTSUPP.
  [[nodiscard]] virtual result<size_t> size() const;  // bytes; others may change it at any time
  [[nodiscard]] virtual status resize(size_t length) const;
  // F_SEAL_* bits; of a memfd, EINVAL or EOPNOTSUPP of the others.
  [[nodiscard]] virtual result<int> seals() const;
  [[nodiscard]] virtual status seal(int seals) const;

  // Of a memfd or a file, -1 of a segment.
  [[nodiscard]] virtual int descriptor() const { return -1; }
  // Of a segment, -1 of the others.
  [[nodiscard]] virtual int segment() const { return -1; }
  // Of a file that has a name, which it keeps.
  [[nodiscard]] virtual const std::string& path() const;
};

}  // namespace hugepages
