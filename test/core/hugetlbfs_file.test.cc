#include "core/hugetlbfs_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "support/child.h"
#include "support/mount.h"
#include "support/object.h"
#include "support/refuse.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

const map_request two_pages = request_for(backing_kind::hugetlb, 2);

object_request file_at(const std::string& path) {
  auto request = object_for(source_kind::file, two_pages);
  request.path = path;
  return request;
}

object_request persistent_at(const std::string& path, bool adopt = false) {
  auto request = file_at(path);
  request.persistent = true;
  request.adopt = adopt;
  return request;
}

std::string refusal(const object_request& request) {
  const size_t before = open_descriptors();
  auto text = outcome(memory_object::create(request));
  CHECK(open_descriptors() == before);
  return text;
}

ino_t inode_of(const memory_object& object) {
  struct stat facts {};
  REQUIRE(fstat(object.descriptor(), &facts) == 0);
  return facts.st_ino;
}

}  // namespace

TEST_CASE("file: has no name unless it is persistent, and its pages go with it") {
  const pool exact(huge_page, 2);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  for (const auto& path : {mount.path(), mount.path("name")}) {
    CAPTURE(path);
    const mapping made = map(mapping_of(make(file_at(path)), two_pages));
    CHECK(mount.is_empty());
    CHECK(made.object()->path().empty());
    CHECK(exact.change() == counters{0, 0, 2, 0});
    touch(made.usable(), huge_page);
    CHECK(exact.change() == counters{0, -2, 0, 0});
  }
  CHECK(exact.change() == counters{});
}

TEST_CASE("file: a persistent one stays with what it holds, for whoever adopts it") {
  const pool exact(huge_page, 2);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  const auto path = mount.path("name");
  {
    const mapping made = map(mapping_of(make(persistent_at(path)), two_pages));
    touch(made.usable(), huge_page, 7);
    CHECK(made.object()->path() == path);
    made.object()->keep();
  }
  CHECK(exact.change() == counters{0, -2, 0, 0});
  {
    const mapping adopted = map(mapping_of(make(persistent_at(path, true)), two_pages));
    CHECK(holds(adopted.usable(), huge_page, 7));
  }
  CHECK(exact.change() == counters{0, -2, 0, 0});
  CHECK(unlink(path.c_str()) == 0);
}

TEST_CASE("file: the name of one that is not kept goes with it, unless somebody else has it or has adopted the file") {
  const pool exact(huge_page, 2);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  const auto path = mount.path("name");
  (void)map(mapping_of(make(persistent_at(path)), two_pages));
  CHECK(mount.is_empty());

  auto first = make(persistent_at(path));
  auto second = make(persistent_at(path, true));
  CHECK(inode_of(*first) == inode_of(*second));
  first.reset();
  CHECK_FALSE(mount.is_empty());
  second.reset();
  CHECK(unlink(path.c_str()) == 0);

  auto renamed = make(persistent_at(path));
  CHECK(unlink(path.c_str()) == 0);
  make(persistent_at(path))->keep();
  renamed.reset();
  CHECK(unlink(path.c_str()) == 0);
}

TEST_CASE("file: what is in the way, and what cannot be adopted") {
  const pool exact(huge_page, 2);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  const auto path = mount.path("name");
  make(persistent_at(path))->keep();
  REQUIRE(mkfifo(mount.path("fifo").c_str(), 0600) == 0);
  CHECK(refusal(file_at(path)) == "open: EEXIST");
  CHECK(refusal(persistent_at(path)) == "open: EEXIST");
  CHECK(refusal(persistent_at(mount.path("fifo"))) == "open: EEXIST");
  CHECK(refusal(persistent_at(mount.path("fifo"), true)) == "statx: ERANGE");
  CHECK(refusal(persistent_at(mount.path())) == "open: EISDIR");
  CHECK(refusal(file_at(mount.path("none/name"))) == "open: ENOENT");
  CHECK(refusal(file_at(path + "/name")) == "open: ENOTDIR");
  CHECK(refusal(file_at("")) == "open: ENOENT");
  auto larger = persistent_at(path, true);
  larger.length += huge_page;
  CHECK(refusal(larger) == "statx: ERANGE");
  struct stat facts {};
  CHECK(stat(path.c_str(), &facts) == 0);
  CHECK(static_cast<size_t>(facts.st_size) == two_pages.length);
}

TEST_CASE("file: elsewhere than on hugetlbfs of its page size, nothing is made") {
  const mounted mount("pagesize=1G");
  if (!mount) return;
  CHECK(refusal(persistent_at("/tmp/hugepages-test-name")) == "fstatfs: EINVAL");
  CHECK(refusal(file_at("/proc/self")) == "fstatfs: EINVAL");
  CHECK(access("/tmp/hugepages-test-name", F_OK) != 0);
  CHECK(refusal(persistent_at(mount.path("name"))) == "fstatfs: ERANGE");
  CHECK(refusal(file_at(mount.path())) == "fstatfs: ERANGE");
  CHECK(mount.is_empty());
}

TEST_CASE("file: limits of a mount leave nothing when they refuse") {
  const pool exact(huge_page, 4);
  {
    const mounted read_only("pagesize=2M", MS_RDONLY);
    const mounted full("pagesize=2M,size=2M");
    const mounted crowded("pagesize=2M,nr_inodes=1");
    if (!exact || !read_only || !full || !crowded) return;
    CHECK(refusal(file_at(read_only.path())) == "open: EROFS");
    CHECK(refusal(persistent_at(read_only.path("name"))) == "open: EROFS");
    CHECK(refusal(file_at(crowded.path())) == "open: ENOSPC");
    for (const auto& request : {file_at(full.path()), persistent_at(full.path("name"))}) {
      CHECK(outcome(mapping::create(mapping_of(make(request), two_pages))) == "mmap: ENOMEM");
      CHECK(full.is_empty());
    }
  }
  CHECK(exact.change() == counters{});
}

TEST_CASE("file: those of others are theirs") {
  const mounted mount("pagesize=2M");
  if (!mount) return;
  const auto path = mount.path("name");
  make(persistent_at(path))->keep();
  CHECK(fate_of_child([&] {
          constexpr uid_t nobody = 65534;
          if (setgid(nobody) != 0 || setuid(nobody) != 0) return 2;
          const bool adopted = outcome(memory_object::create(persistent_at(path, true))) == "open: EACCES";
          return adopted && outcome(memory_object::create(file_at(mount.path()))) == "open: EACCES" ? 0 : 1;
        }) == success);
}

TEST_CASE("file: without O_TMPFILE, before Linux 5.5") {
  const pool exact(huge_page, 2);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  CHECK(fate_of_child([&] {
          if (!refuse(SYS_openat, 2, O_TMPFILE & ~O_DIRECTORY, EOPNOTSUPP)) return 2;
          {
            const auto object = memory_object::create(file_at(mount.path()));
            if (!object.ok() || !mount.is_empty() || !mapping::create(mapping_of(object.value(), two_pages)).ok()) return 3;
          }
          (void)memory_object::create(persistent_at(mount.path("name")));
          if (!mount.is_empty()) return 4;
          const auto named = memory_object::create(persistent_at(mount.path("name")));
          if (!named.ok() || outcome(memory_object::create(persistent_at(mount.path("name")))) != "open: EEXIST") return 5;
          named.value()->keep();
          return 0;
        }) == success);
  const std::filesystem::directory_iterator left(mount.path());
  CHECK(std::distance(begin(left), end(left)) == 1);
}

TEST_CASE("file: of several that adopt or make it at once, one makes it and all have it") {
  const pool exact(huge_page, 2);
  const mounted mount("pagesize=2M");
  if (!exact || !mount) return;
  for (int round = 0; round < 50; round++) {
    const auto path = mount.path("round" + std::to_string(round));
    std::array<std::shared_ptr<memory_object>, 4> made;
    std::array<std::thread, 4> threads;
    for (size_t i = 0; i < threads.size(); i++) {
      threads.at(i) = std::thread([&, i] {
        auto created = memory_object::create(persistent_at(path, true));
        if (created.ok()) made.at(i) = created.value();
      });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& object : made) {
      REQUIRE(object != nullptr);
      CHECK(inode_of(*object) == inode_of(*made.front()));
    }
  }
}
