// What a test needs and this run cannot have. Such a test says so, is counted at the end of the run, and goes on to the next.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>

namespace hugepages::test {

enum class obstacle {
  machine,  // lacks it, whoever runs the tests
  run,      // the machine could, this run cannot: in continuous integration as root that is a failure
};

inline bool is_root() { return geteuid() == 0; }

inline std::map<std::string, int>& skips_by_reason() {
  static std::map<std::string, int> skips;
  return skips;
}

// Whether a test can go on.
inline bool needs(bool met, obstacle kind, const std::string& reason) {
  if (met) return true;
  const char* ci = std::getenv("CI");
  if (kind == obstacle::run && is_root() && ci != nullptr && std::string(ci) == "true") {
    FAIL_CHECK("This machine can do it, and the run cannot: " << reason);
  } else {
    MESSAGE("skipped: " << reason);
    skips_by_reason()[reason]++;
  }
  return false;
}

inline bool needs_root(const char* what) { return needs(is_root(), obstacle::run, std::string(what) + " needs root"); }

}  // namespace hugepages::test
