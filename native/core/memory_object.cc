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

result<size_t> memory_object::size() const { return failure{EOPNOTSUPP, "fstat"}; }
status memory_object::resize(size_t /*length*/) const { return failure{EOPNOTSUPP, "ftruncate"}; }
result<int> memory_object::seals() const { return failure{EOPNOTSUPP, "fcntl(F_GET_SEALS)"}; }
status memory_object::seal(int /*seals*/) const { return failure{EOPNOTSUPP, "fcntl(F_ADD_SEALS)"}; }

const std::string& memory_object::path() const {
  static const std::string none;
  return none;
}

}  // namespace hugepages
