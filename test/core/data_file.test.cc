#include "core/data_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/mount.h"
#include "support/outcome.h"
#include "support/scratch_file.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr size_t block = 4096;

std::string opening(const std::string& path, int flags = O_RDONLY, direct_io direct = direct_io::never) {
  return outcome(data_file::open({path, nullptr, flags, direct}));
}

// Null where the file system of /tmp has no direct I/O.
std::unique_ptr<data_file> open_direct(const scratch_file& file, direct_io direct = direct_io::always) {
  auto opened = data_file::open({file.path(), nullptr, O_RDONLY, direct});
  const bool known = opened.ok() || outcome(opened) != "open(O_DIRECT): EOPNOTSUPP";
  if (!needs(known, obstacle::machine, "no direct I/O in /tmp")) return nullptr;
  REQUIRE(outcome(opened) == "ok");
  return std::move(opened.value());
}

}  // namespace

TEST_CASE("data file: only regular files, and nothing blocks") {
  const scratch_file file(varied(10));
  const std::string fifo = file.path() + ".fifo";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(opening(fifo) == "fstat: ESPIPE");
  CHECK(opening(fifo, O_WRONLY) == "open: ENXIO");
  unlink(fifo.c_str());
  CHECK(opening("/tmp") == "fstat: EISDIR");
  CHECK(opening("/dev/zero") == "fstat: ESPIPE");
  CHECK(opening(file.path() + ".none") == "open: ENOENT");
  CHECK(opening(file.path(), O_WRONLY | O_CREAT | O_EXCL) == "open: EEXIST");
  const auto opened = data_file::open({file.path(), nullptr, O_RDONLY, direct_io::never});
  REQUIRE(outcome(opened) == "ok");
  CHECK(opened.value()->size() == 10);
}

TEST_CASE("data file: one that takes no writes where they are to go") {
  const scratch_file scratch;
  const auto appending = std::make_shared<const file>(scratch.path().c_str(), O_WRONLY | O_APPEND);
  CHECK(outcome(data_file::open({"", appending, O_WRONLY, direct_io::never})) == "pwrite(O_APPEND): EINVAL");
  const mounted mount("pagesize=2M");
  if (!mount) return;
  const std::string path = mount.path("file");
  const file made(path.c_str(), O_RDWR | O_CREAT, 0600);
  CHECK(opening(path, O_WRONLY) == "pwrite: EINVAL");
  CHECK(opening(path) == "ok");
  unlink(path.c_str());
}

TEST_CASE("data file: whole blocks go past the page cache, what is around them through it") {
  const scratch_file file(varied(8 * block));
  const auto direct = open_direct(file);
  if (!direct) return;
  REQUIRE(outcome(direct->place(100, block + 100)) == "ok");
  const auto front = direct->next(100, 3 * block);
  CHECK_FALSE(front.direct);
  const size_t aligned = 100 + front.length;
  CHECK(aligned % 512 == 0);
  CHECK(aligned <= block);
  const auto middle = direct->next(aligned, 2 * block + 1);
  CHECK(middle.direct);
  CHECK(middle.length == 2 * block);
  const auto end = direct->next(2 * block, 1);
  CHECK_FALSE(end.direct);
  CHECK(end.length == 1);
}

TEST_CASE("data file: an address that does not fit is an error, or a reason to do without") {
  const scratch_file file(varied(2 * block));
  const auto strict = open_direct(file);
  if (!strict) return;
  CHECK(outcome(strict->place(0, block + 1)) == "open(O_DIRECT): EINVAL");
  const auto lenient = open_direct(file, direct_io::where_possible);
  CHECK(lenient->refused().error == 0);
  CHECK(outcome(lenient->place(0, block + 1)) == "ok");
  CHECK(lenient->refused().error == EINVAL);
  CHECK_FALSE(lenient->next(0, block).direct);
}

TEST_CASE("data file: where there is no direct I/O at all") {
  CHECK(opening("/proc/self/status", O_RDONLY, direct_io::always) == "open(O_DIRECT): EOPNOTSUPP");
  CHECK(opening("/proc/self/status", O_RDONLY, direct_io::where_possible) == "ok");
}

TEST_CASE("data file: a descriptor with O_DIRECT is good for bytes that do not fit as well") {
  const scratch_file scratch(varied(block));
  const auto direct = std::make_shared<const file>(scratch.path().c_str(), O_RDONLY | O_DIRECT);
  if (!needs(direct->is_open(), obstacle::machine, "no direct I/O in /tmp")) return;
  const auto opened = data_file::open({"", direct, O_RDONLY, direct_io::never});
  REQUIRE(outcome(opened) == "ok");
  const auto step = opened.value()->next(1, 10);
  CHECK_FALSE(step.direct);
  CHECK((fcntl(step.descriptor, F_GETFL) & O_DIRECT) == 0);
}
