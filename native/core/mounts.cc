#include "core/mounts.h"

#include <sys/file.h>
#include <sys/mount.h>

namespace hugepages {

status mount_hugetlbfs(const char* target, const char* options) {
  // As systemd mounts /dev/hugepages. Not MS_NOEXEC: programs map their text from there.
  constexpr unsigned long flags = MS_NOSUID | MS_NODEV;
  if (mount("hugetlbfs", target, "hugetlbfs", flags, options) != 0) return last_failure("mount");
  return done();
}

status unmount(const char* target) {
  if (umount2(target, UMOUNT_NOFOLLOW) != 0) return last_failure("umount2");
  return done();
}

result<bool> try_lock(int descriptor) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return last_failure("flock");
}

}  // namespace hugepages
