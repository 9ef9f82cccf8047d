// Files of a process under /proc.
#pragma once

#include <sys/types.h>

#include <string>

namespace hugepages {

// `process` 0 is this one.
inline std::string proc_path(pid_t process, const char* name) {
  return "/proc/" + (process == 0 ? "self" : std::to_string(process)) + "/" + name;
}

}  // namespace hugepages
