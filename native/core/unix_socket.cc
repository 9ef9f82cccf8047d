#include "core/unix_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <thread>

namespace hugepages {
namespace {

constexpr int backlog = 64;

struct unix_address {
  explicit unix_address(const std::string& address) {
    name.sun_family = AF_UNIX;
    std::copy_n(address.data(), std::min(address.size(), sizeof name.sun_path), std::begin(name.sun_path));
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::min(address.size(), sizeof name.sun_path));
  }

  [[nodiscard]] const sockaddr* generic() const { return reinterpret_cast<const sockaddr*>(&name); }

  sockaddr_un name{};
  socklen_t length;
};

bool is_path(const std::string& address) { return address.front() != '\0'; }

file make_socket(int type) { return file(socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

// Of a socket file; 0 where there is none.
uint64_t socket_inode(const std::string& path) {
  struct stat facts {};
  return lstat(path.c_str(), &facts) == 0 && S_ISSOCK(facts.st_mode) ? facts.st_ino : 0;
}

// A socket of another type finds out without a listener hearing of it: EPROTOTYPE.
bool is_deserted(const std::string& address) {
  const auto probe = make_socket(SOCK_DGRAM);
  const unix_address to(address);
  return probe.is_open() && connect(probe.descriptor(), to.generic(), to.length) != 0 && errno == ECONNREFUSED;
}

// connect(2) answers ECONNREFUSED.
bool is_other_file(const std::string& address) {
  struct stat facts {};
  return is_path(address) && stat(address.c_str(), &facts) == 0 && !S_ISSOCK(facts.st_mode);
}

// Whether there was a file of a dead process, which is gone now.
bool remove_deserted(const std::string& path) {
  const uint64_t inode = socket_inode(path);
  if (inode == 0 || !is_deserted(path)) return false;
  // Whoever is just making it is found by it in a moment.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return is_deserted(path) && socket_inode(path) == inode && unlink(path.c_str()) == 0;
}

}  // namespace

result<std::unique_ptr<unix_listener>> unix_listener::open(const std::string& address, bool any_user) {
  auto socket = make_socket(SOCK_STREAM);
  if (!socket.is_open()) return last_failure("socket");
  // The mode of the file that bind(2) makes.
  if (fchmod(socket.descriptor(), S_IRUSR | S_IWUSR) != 0) return last_failure("fchmod");
  const unix_address to(address);
  while (bind(socket.descriptor(), to.generic(), to.length) != 0) {
    const auto error = last_failure("bind");
    if (error.error != EADDRINUSE || !is_path(address) || !remove_deserted(address)) return error;
  }
  auto made = std::make_unique<unix_listener>(std::move(socket), address);
  if (listen(made->descriptor(), backlog) != 0) return last_failure("listen");
  if (any_user && is_path(address)) {
    if (const auto admitted = made->admit_all(); !admitted.ok()) return admitted.error();
  }
  return made;
}

unix_listener::unix_listener(file socket, std::string address)
    : socket_(std::move(socket)), address_(std::move(address)), inode_(is_path(address_) ? socket_inode(address_) : 0) {}

unix_listener::~unix_listener() {
  if (inode_ != 0 && socket_inode(address_) == inode_) unlink(address_.c_str());
}

// Not when it is bound, where umask(2) takes modes away; and not by its name, which may be that of another file by now.
status unix_listener::admit_all() const {
  const file own(address_.c_str(), O_PATH | O_NOFOLLOW);
  struct stat facts {};
  if (!own.is_open() || fstat(own.descriptor(), &facts) != 0) return last_failure("open");
  if (facts.st_ino != inode_ || !S_ISSOCK(facts.st_mode)) return failure{ENOENT, "open"};
  const std::string path = "/proc/self/fd/" + std::to_string(own.descriptor());
  return chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH) == 0 ? done() : last_failure("chmod");
}

result<file> connect_unix(const std::string& address) {
  auto socket = make_socket(SOCK_STREAM);
  if (!socket.is_open()) return last_failure("socket");
  const unix_address to(address);
  if (connect(socket.descriptor(), to.generic(), to.length) != 0) {
    const auto error = last_failure("connect");
    return error.error == ECONNREFUSED && is_other_file(address) ? failure{ENOTSOCK, "connect"} : error;
  }
  return socket;
}

status check_peer(int socket) {
  ucred peer{};
  socklen_t length = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return last_failure("getsockopt(SO_PEERCRED)");
  return peer.uid == geteuid() || peer.uid == 0 ? done() : failure{EACCES, "getsockopt(SO_PEERCRED)"};
}

}  // namespace hugepages
