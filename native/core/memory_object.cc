#include "core/memory_object.h"

#include "core/hugetlbfs_file.h"
#include "core/memfd.h"
#include "core/segment.h"

namespace hugepages {

result<std::shared_ptr<memory_object>> memory_object::create(const object_request& request) {
  switch (request.source) {
    case source_kind::memfd:
      return create_memfd(request);
    case source_kind::file:
      return create_hugetlbfs_file(request);
    case source_kind::sysv:
      return create_segment(request);
    case source_kind::anonymous:
      break;
  }
  return failure{EINVAL, "mmap"};
}

const std::string& memory_object::path() const {
  static const std::string none;
  return none;
}

}  // namespace hugepages
