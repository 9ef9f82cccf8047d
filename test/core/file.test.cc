#include "core/file.h"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hugepages;

TEST_CASE("file: closed at the end of its scope, and by exec") {
  int descriptor = -1;
  {
    const file opened("/proc/self/maps");
    REQUIRE(opened.is_open());
    descriptor = opened.descriptor();
    CHECK(fcntl(descriptor, F_GETFD) == FD_CLOEXEC);
  }
  CHECK(fcntl(descriptor, F_GETFD) == -1);
}

TEST_CASE("file: one that cannot be opened leaves errno") {
  const file missing("/proc/self/no-such-file");
  const int error = errno;
  CHECK_FALSE(missing.is_open());
  CHECK(error == ENOENT);
}
