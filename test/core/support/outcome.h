// Results of the core as text, so that a failed assertion shows them.
#pragma once

#include <cstring>
#include <string>

#include "core/result.h"

namespace hugepages::test {

// "mmap: ENOMEM"
inline std::string outcome(const failure& failed) { return std::string(failed.call) + ": " + strerrorname_np(failed.error); }

template <class T>
std::string outcome(const result<T>& of) {
  return of.ok() ? "ok" : outcome(of.error());
}

}  // namespace hugepages::test
