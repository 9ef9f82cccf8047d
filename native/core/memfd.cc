#include "core/memfd.h"

#include <unistd.h>

#include "core/file_object.h"
#include "core/random.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

int open_memfd(const std::string& name, unsigned flags) {
  // Without MFD_NOEXEC_SEAL (Linux 6.3) the kernel warns in its log, or refuses where vm.memfd_noexec says so; before, it is EINVAL.
  const int descriptor = memfd_create(name.c_str(), flags | MFD_NOEXEC_SEAL);
  return descriptor < 0 && errno == EINVAL ? memfd_create(name.c_str(), flags) : descriptor;
}

}  // namespace

result<std::shared_ptr<memory_object>> create_memfd(const object_request& request) {
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  if (request.hugetlb) flags |= MFD_HUGETLB | static_cast<unsigned>(__builtin_ctzll(request.page_size)) << MAP_HUGE_SHIFT;
  // The random part tells whoever finds it under /proc/PID/fd whether it is the one that was meant.
  file opened(open_memfd("hugepages:" + request.name + ":" + random_hex(), flags));
  if (!opened.is_open()) return last_failure("memfd_create");
  if (ftruncate(opened.descriptor(), static_cast<off_t>(request.length)) != 0) return last_failure("ftruncate");
  return std::shared_ptr<memory_object>(std::make_shared<file_object>(source_kind::memfd, std::move(opened)));
}

}  // namespace hugepages
