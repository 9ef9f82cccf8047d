#include "core/ipc_namespace.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/shm.h>

#include <thread>

#include "core/file.h"
#include "core/range.h"
#include "support/needs.h"
#include "support/outcome.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("ipc namespace: one is asked by a thread of its own, and this thread stays where it is") {
  if (!needs_root("another IPC namespace")) return;
  int id = -1;
  int descriptor = -1;
  std::thread([&] {
    REQUIRE(unshare(CLONE_NEWIPC) == 0);
    id = shmget(IPC_PRIVATE, 4711, 0600);
    descriptor = open("/proc/thread-self/ns/ipc", O_RDONLY | O_CLOEXEC);
  }).join();
  const file there(descriptor);
  const auto segments = read_in_ipc_namespace(descriptor, "/proc/sysvipc/shm");
  CHECK(segments.value().find(" 4711 ") != std::string::npos);
  CHECK(segment_page_size_in(descriptor, id).value() == base_page_size());
  CHECK(outcome(segment_page_size_in(descriptor, id + 1)) == "shmat: EINVAL");

  const file here("/proc/self/ns/ipc");
  CHECK(read_in_ipc_namespace(here.descriptor(), "/proc/sysvipc/shm").value().find(" 4711 ") == std::string::npos);
  CHECK(outcome(read_in_ipc_namespace(descriptor, "/proc/none")) == "open: ENOENT");
  CHECK(outcome(read_in_ipc_namespace(descriptor, "/proc")) == "read: EISDIR");
  CHECK(outcome(read_in_ipc_namespace(-1, "/proc/sysvipc/shm")) == "setns: EBADF");
}
