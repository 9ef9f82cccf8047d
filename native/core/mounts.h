// hugetlbfs mounts: mount(2) and umount2(2), and flock(2), which keeps two processes from doing it at once.
#pragma once

#include "core/result.h"

namespace hugepages {

// `options` are those of the file system, separated by commas: "pagesize=2M,size=1073741824".
status mount_hugetlbfs(const char* target, const char* options);

// The uppermost mount on `target`, which must not be a symbolic link.
status unmount(const char* target);

// An exclusive lock on an open file, without waiting: false when another open file description holds a lock on it.
result<bool> try_lock(int descriptor);

}  // namespace hugepages
