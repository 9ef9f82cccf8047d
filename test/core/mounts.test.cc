#include "core/mounts.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "support/outcome.h"

using namespace hugepages;
using test::outcome;

namespace {

// A file that is gone at the end of the test.
struct scratch_file {
  std::string path = "/tmp/hugepages-core-XXXXXX";
  int descriptor = mkstemp(path.data());
  scratch_file() = default;
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() {
    close(descriptor);
    unlink(path.c_str());
  }
};

}  // namespace

TEST_CASE("mounts: what cannot be mounted or unmounted says why") {
  if (geteuid() != 0) return;
  CHECK(outcome(mount_hugetlbfs("/no/such/directory", "")) == "mount: ENOENT");
  CHECK(outcome(mount_hugetlbfs("/dev/null", "")) == "mount: ENOTDIR");
  CHECK(outcome(mount_hugetlbfs("/tmp", "pagesize=3M")) == "mount: EINVAL");
  CHECK(outcome(unmount("/no/such/directory")) == "umount2: ENOENT");
  CHECK(outcome(unmount("/proc/self")) == "umount2: EINVAL");
}

TEST_CASE("try_lock: one open file description at a time") {
  const scratch_file file;
  const int other = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  CHECK(try_lock(file.descriptor).value());
  CHECK(try_lock(file.descriptor).value());
  CHECK_FALSE(try_lock(other).value());
  flock(file.descriptor, LOCK_UN);
  CHECK(try_lock(other).value());
  close(other);
  CHECK(outcome(try_lock(other)) == "flock: EBADF");
}

TEST_CASE("is_alone: as long as nobody else has the file open or mapped, and keeps no lease") {
  scratch_file file;
  const int other = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  CHECK_FALSE(is_alone(other).value());
  REQUIRE(ftruncate(file.descriptor, 1) == 0);
  void* const mapped = mmap(nullptr, 1, PROT_READ, MAP_SHARED, file.descriptor, 0);
  close(file.descriptor);
  CHECK_FALSE(is_alone(other).value());
  munmap(mapped, 1);
  CHECK(is_alone(other).value());
  file.descriptor = open(file.path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  CHECK(file.descriptor >= 0);
  CHECK_FALSE(is_alone(other).value());
  close(other);
  CHECK(outcome(is_alone(other)) == "fcntl(F_SETSIG): EBADF");
}

TEST_CASE("try_lease: only when nobody else has the file open") {
  scratch_file file;
  const int other = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  CHECK_FALSE(try_lease(other).value());
  close(file.descriptor);
  CHECK(try_lease(other).value());
  // The signal of a lease that is asked for back must not end the process.
  file.descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  CHECK(file.descriptor == -1);
  CHECK(errno == EWOULDBLOCK);
  close(other);
  file.descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  CHECK(file.descriptor >= 0);
}
