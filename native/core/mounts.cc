#include "core/mounts.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>

#include <csignal>

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

result<bool> try_lease(int descriptor) {
  // Whoever tries to open the file waits, and the kernel tells us by a signal. SIGIO, if nothing else is named, would end the process.
  if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return last_failure("fcntl(F_SETSIG)");
  if (fcntl(descriptor, F_SETLEASE, F_WRLCK) == 0) return true;
  if (errno == EAGAIN) return false;
  return last_failure("fcntl(F_SETLEASE)");
}

result<bool> is_alone(int descriptor) {
  const auto leased = try_lease(descriptor);
  if (leased.ok() && leased.value() && fcntl(descriptor, F_SETLEASE, F_UNLCK) != 0) return last_failure("fcntl(F_SETLEASE)");
  return leased;
}

}  // namespace hugepages
