#include "core/hugetlbfs_file.h"

#include <sys/stat.h>
#include <sys/vfs.h>

#include "core/file_object.h"
#include "core/mounts.h"
#include "core/random.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

using object = std::shared_ptr<memory_object>;

constexpr mode_t owner_only = 0600;

// A directory, and a name in it.
struct place {
  file directory;
  std::string name;  // empty: the path is that of the directory
};

place place_of(const std::string& path) {
  file directory(path.c_str(), O_PATH | O_DIRECTORY);
  if (directory.is_open()) return {std::move(directory), ""};
  const size_t name = path.rfind('/') + 1;
  return {file(path.substr(0, name).c_str(), O_PATH | O_DIRECTORY), path.substr(name)};
}

status check_file_system(int descriptor, size_t page_size) {
  struct statfs facts {};
  if (fstatfs(descriptor, &facts) != 0) return last_failure("fstatfs");
  if (facts.f_type != uapi::hugetlbfs_magic) return failure{EINVAL, "fstatfs"};
  return static_cast<size_t>(facts.f_bsize) == page_size ? done() : failure{ERANGE, "fstatfs"};
}

// By its descriptor, or by its name.
result<struct statx> stat_of(int descriptor, const char* name = "") {
  struct statx facts {};
  const int flags = *name == '\0' ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW;  // hugetlbfs has no links; a path may lead to one
  // statx(2), because the symbols of fstat() and its like are new in glibc 2.33.
  if (statx(descriptor, name, flags, STATX_BASIC_STATS, &facts) != 0) return last_failure("statx");
  return facts;
}

// errno is open(2)'s.
int open_nameless(int directory, std::string& temporary) {
  const int unnamed = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, owner_only);
  if (unnamed >= 0 || errno != EOPNOTSUPP) return unnamed;
  // Before Linux 5.5 hugetlbfs has no O_TMPFILE. Whoever is killed now leaves a file that nobody uses.
  temporary = ".hugepages-" + random_hex();
  return openat(directory, temporary.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, owner_only);
}

// A new file that nobody finds until it is given a name.
class nameless_file {
 public:
  // Check with descriptor().is_open(); errno is open(2)'s.
  explicit nameless_file(int directory) : directory_(directory), file_(open_nameless(directory, temporary_)) {}
  nameless_file(const nameless_file&) = delete;
  nameless_file& operator=(const nameless_file&) = delete;
  ~nameless_file() {
    if (!temporary_.empty()) unlinkat(directory_, temporary_.c_str(), 0);
  }

  [[nodiscard]] file& descriptor() { return file_; }

  // In its directory. EEXIST where there is something already.
  status give_name(const std::string& name) {
    const auto itself = "/proc/self/fd/" + std::to_string(file_.descriptor());
    const std::string& from = temporary_.empty() ? itself : temporary_;
    if (linkat(directory_, from.c_str(), directory_, name.c_str(), temporary_.empty() ? AT_SYMLINK_FOLLOW : 0) == 0) return done();
    return last_failure("linkat");
  }

 private:
  const int directory_;
  std::string temporary_;
  file file_;
};

// A file whose name is new: it goes again unless keep() is called.
class new_file : public file_object {
 public:
  using file_object::file_object;
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  // NOLINTNEXTLINE(bugprone-exception-escape): a value is taken only of what is ok()
  ~new_file() override {
    if (!kept_ && is_alone() && has_its_name()) unlink(path().c_str());
  }
  void keep() override { kept_ = true; }

 private:
  // Whoever adopted it meanwhile has it open, and keeps it.
  [[nodiscard]] bool is_alone() const {
    const auto leased = try_lease(descriptor());
    return leased.ok() && leased.value();
  }
  [[nodiscard]] bool has_its_name() const {
    const auto own = stat_of(descriptor());
    const auto named = stat_of(AT_FDCWD, path().c_str());
    return own.ok() && named.ok() && own.value().stx_ino == named.value().stx_ino &&
           own.value().stx_dev_minor == named.value().stx_dev_minor && own.value().stx_dev_major == named.value().stx_dev_major;
  }

  bool kept_ = false;
};

result<object> make(const place& where, const object_request& request) {
  nameless_file made(where.directory.descriptor());
  if (!made.descriptor().is_open()) return last_failure("open");
  if (ftruncate(made.descriptor().descriptor(), static_cast<off_t>(request.length)) != 0) return last_failure("ftruncate");
  if (!request.persistent) return object(std::make_shared<file_object>(source_kind::file, std::move(made.descriptor())));
  // It has its size by now: whoever finds it finds all of it.
  if (const auto named = made.give_name(where.name); !named.ok()) return named.error();
  return object(std::make_shared<new_file>(source_kind::file, std::move(made.descriptor()), request.path));
}

result<object> adopt(const place& where, const object_request& request) {
  file found(openat(where.directory.descriptor(), where.name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!found.is_open()) return last_failure("open");
  if (const auto fits = check_file_system(found.descriptor(), request.page_size); !fits.ok()) return fits.error();
  const auto facts = stat_of(found.descriptor());
  if (!facts.ok()) return facts.error();
  if (facts.value().stx_nlink == 0) return failure{ENOENT, "open"};  // its name went meanwhile
  if (round_up(facts.value().stx_size, request.page_size) != request.length) return failure{ERANGE, "statx"};
  return object(std::make_shared<file_object>(source_kind::file, std::move(found), request.path));
}

// Others may make it, or take its name away, at the same moment.
result<object> adopt_or_make(const place& where, const object_request& request) {
  for (int attempt = 0;; attempt++) {
    auto adopted = adopt(where, request);
    if (adopted.ok() || adopted.error().error != ENOENT) return adopted;
    auto made = make(where, request);
    if (made.ok() || made.error().error != EEXIST || attempt == 7) return made;
  }
}

}  // namespace

result<object> create_hugetlbfs_file(const object_request& request) {
  const place where = place_of(request.path);
  if (!where.directory.is_open()) return last_failure("open");
  if (const auto fits = check_file_system(where.directory.descriptor(), request.page_size); !fits.ok()) return fits.error();
  if (where.name.empty() && request.persistent) return failure{EISDIR, "open"};
  if (request.persistent && request.adopt) return adopt_or_make(where, request);
  const bool taken = !where.name.empty() && stat_of(where.directory.descriptor(), where.name.c_str()).ok();
  return taken ? failure{EEXIST, "open"} : make(where, request);
}

}  // namespace hugepages
