// Other IPC namespaces. setns(2) moves the thread that calls it, so a thread is made that enters one, does its work there and ends: the
// program's own threads stay where they are. EPERM without CAP_SYS_ADMIN.
#pragma once

#include <string>

#include "core/result.h"

namespace hugepages {

// `descriptor` is of the namespace's file in /proc/PID/ns.

// The text of a file of procfs that is about the namespace of whoever reads it, such as /proc/sysvipc/shm.
result<std::string> read_in_ipc_namespace(int descriptor, const char* path);

// As segment_page_size(), of a segment there.
result<size_t> segment_page_size_in(int descriptor, int id);

}  // namespace hugepages
