#include "core/hugetlbfs_file.h"

#include <sys/stat.h>
#include <sys/vfs.h>

#include "core/file_object.h"
#include "core/random.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

constexpr mode_t owner_only = 0600;

struct opened_file {
  file descriptor;
  std::string name;  // where it has one
  bool made;
};

opened_file open_unnamed(const std::string& directory) {
  opened_file unnamed{file(directory.c_str(), O_TMPFILE | O_RDWR, owner_only), "", true};
  if (unnamed.descriptor.is_open() || errno != EOPNOTSUPP) return unnamed;
  // Before Linux 5.6 hugetlbfs has no O_TMPFILE. Whoever is killed before the name goes leaves a file that nobody holds.
  const std::string name = directory + "/.hugepages-" + random_hex();
  opened_file named{file(name.c_str(), O_CREAT | O_EXCL | O_RDWR, owner_only), "", true};
  if (named.descriptor.is_open()) unlink(name.c_str());
  return named;
}

opened_file open_named(const object_request& request) {
  const char* path = request.path.c_str();
  const int create = O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW;
  opened_file made{file(path, create, owner_only), request.path, true};
  if (made.descriptor.is_open() || errno != EEXIST || !request.adopt) return made;
  return {file(path, O_RDWR | O_NOFOLLOW), request.path, false};
}

bool is_directory(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

status check_file_system(int descriptor, size_t page_size) {
  struct statfs facts {};
  if (fstatfs(descriptor, &facts) != 0) return last_failure("fstatfs");
  const bool fits = facts.f_type == uapi::hugetlbfs_magic && static_cast<size_t>(facts.f_bsize) == page_size;
  return fits ? done() : failure{EINVAL, "fstatfs"};
}

// A file that is adopted keeps what it holds, and with it its size.
status size_file(int descriptor, size_t length, bool made) {
  if (made) return ftruncate(descriptor, static_cast<off_t>(length)) == 0 ? done() : last_failure("ftruncate");
  struct stat facts {};
  if (fstat(descriptor, &facts) != 0) return last_failure("fstat");
  return static_cast<size_t>(facts.st_size) == length ? done() : failure{ERANGE, "fstat"};
}

}  // namespace

result<std::shared_ptr<memory_object>> create_hugetlbfs_file(const object_request& request) {
  auto [opened, name, made] = is_directory(request.path) ? open_unnamed(request.path) : open_named(request);
  if (!opened.is_open()) return last_failure("open");
  const int descriptor = opened.descriptor();
  const bool named = made && !name.empty();
  if (named && !request.persistent) {
    unlink(name.c_str());
    name.clear();
  }
  // From here on the destructor removes a name that is new.
  const auto object = std::make_shared<file_object>(source_kind::file, std::move(opened), name, named && request.persistent);
  if (const auto fits = check_file_system(descriptor, request.page_size); !fits.ok()) return fits.error();
  if (const auto sized = size_file(descriptor, request.length, made); !sized.ok()) return sized.error();
  return std::shared_ptr<memory_object>(object);
}

}  // namespace hugepages
