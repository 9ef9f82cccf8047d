#include "core/unix_socket.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/outcome.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

class directory {
 public:
  directory() {
    char path[] = "/tmp/hugepages-test-socket-XXXXXX";
    REQUIRE(mkdtemp(path) != nullptr);
    path_ = path;
  }
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;
  ~directory() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

bool accepts(const unix_listener& listener) {
  const file guest(accept(listener.descriptor(), nullptr, nullptr));
  return guest.is_open();
}

}  // namespace

TEST_CASE("unix socket: who connects is heard, by a path and by an abstract name") {
  const directory made;
  for (const std::string& address : {made.path("socket"), std::string("\0hugepages-test-socket", 22)}) {
    CHECK_FALSE(connect_unix(address).ok());
    const auto listener = unix_listener::open(address, false);
    REQUIRE(outcome(listener) == "ok");
    const auto connected = connect_unix(address);
    REQUIRE(outcome(connected) == "ok");
    CHECK(accepts(*listener.value()));
    CHECK(outcome(check_peer(connected.value().descriptor())) == "ok");
    CHECK(outcome(unix_listener::open(address, false)) == "bind: EADDRINUSE");
  }
}

TEST_CASE("unix socket: its file is for its user alone, and goes with it") {
  const directory made;
  const auto path = made.path("socket");
  {
    const auto listener = unix_listener::open(path, false);
    REQUIRE(outcome(listener) == "ok");
    struct stat facts {};
    REQUIRE(lstat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("unix socket: the file of a dead process is replaced, and nothing else is") {
  const directory made;
  const auto path = made.path("socket");
  // What a process leaves that is killed.
  std::filesystem::create_directory(made.path("elsewhere"));
  {
    const auto killed = unix_listener::open(path, false);
    std::filesystem::rename(path, made.path("elsewhere/socket"));
  }
  std::filesystem::rename(made.path("elsewhere/socket"), path);
  CHECK(outcome(connect_unix(path)) == "connect: ECONNREFUSED");
  CHECK(outcome(unix_listener::open(path, false)) == "ok");
  std::ofstream(made.path("file")) << "data";
  std::filesystem::create_symlink(made.path("nowhere"), made.path("link"));
  for (const char* name : {"file", "link", "elsewhere"}) {
    CAPTURE(name);
    CHECK(outcome(unix_listener::open(made.path(name), false)) == "bind: EADDRINUSE");
    CHECK(std::filesystem::symlink_status(made.path(name)).type() != std::filesystem::file_type::not_found);
  }
}

TEST_CASE("unix socket: a file that another has put in its place stays") {
  const directory made;
  const auto path = made.path("socket");
  auto first = unix_listener::open(path, false);
  REQUIRE(outcome(first) == "ok");
  std::filesystem::rename(path, made.path("away"));
  const auto second = unix_listener::open(path, false);
  REQUIRE(outcome(second) == "ok");
  first.value().reset();
  CHECK(outcome(connect_unix(path)) == "ok");
}
