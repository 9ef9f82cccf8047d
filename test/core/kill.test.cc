// Acceptance case 23 for the core: killed at any moment, a process leaves no page, no file and no segment of any source behind.
#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "support/mount.h"
#include "support/object.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

// Found by shmget(2) until it is marked for removal.
constexpr int key = 0x68756765;

[[noreturn]] void allocate_for_ever(const std::string& directory) {
  for (unsigned round = 0;; round++) {
    map_request request = request_for(backing_kind::hugetlb, 2);
    const auto source = static_cast<source_kind>(round % 4);
    auto of = object_for(source, request);
    of.path = directory;
    of.key = key;
    if (source != source_kind::anonymous) {
      auto object = memory_object::create(of);
      if (!object.ok()) abort();
      request = mapping_of(std::move(object.value()), request);
    }
    auto made = mapping::create(request);
    if (!made.ok()) abort();
    touch(made.value().usable(), huge_page);
    if (round % 8 < 4) made.value().overlay();
  }
}

int rounds() {
  const char* given = std::getenv("KILL_ROUNDS");
  return given == nullptr ? 300 : std::atoi(given);
}

}  // namespace

TEST_CASE("kill: at any moment, of any source, nothing is left") {
  const pool exact(huge_page, 4);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  REQUIRE(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  std::minstd_rand random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same delays in every run
  for (int round = 0; round < rounds(); round++) {
    (void)fflush(nullptr);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) allocate_for_ever(mount.path());
    usleep(random() % 5000);
    CHECK(kill(child, SIGKILL) == 0);
    // What the child of a killed process has begun, it ends.
    while (waitpid(-1, nullptr, __WALL) > 0) {
    }
    REQUIRE(shmget(key, 0, 0) < 0);
    REQUIRE(exact.change() == counters{});
    REQUIRE(mount.is_empty());
  }
}
