// hugetlbfs mounts: mount(2), umount2(2), and what keeps two processes from changing the same directory or file at once.
#pragma once

#include "core/result.h"

namespace hugepages {

// `options` are those of the file system, separated by commas: "pagesize=2M,size=1073741824".
status mount_hugetlbfs(const char* target, const char* options);

// The uppermost mount on `target`, which must not be a symbolic link.
status unmount(const char* target);

// An exclusive lock on an open file, without waiting: false when another open file description holds a lock on it.
result<bool> try_lock(int descriptor);

// A write lease on an open regular file: false when any process has it open or mapped otherwise, through whatever mount. Until the
// descriptor is closed nobody else can open it. EACCES for the file of another user without CAP_LEASE.
result<bool> try_lease(int descriptor);

// What try_lease() says, with the lease given back at once: whoever opens the file in that moment waits no longer than it lasts.
result<bool> is_alone(int descriptor);

}  // namespace hugepages
