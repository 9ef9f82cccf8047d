// Unix sockets of this machine, unix(7). An address is a path, or a zero byte followed by an abstract name.
#pragma once

#include <memory>
#include <string>

#include "core/file.h"
#include "core/result.h"

namespace hugepages {

class unix_listener {
 public:
  // Only its user can connect, from the first moment; with `any_user`, and once it listens, everybody who gets to the file. A socket file
  // that nobody listens on any more is replaced. EADDRINUSE: somebody does, or the file is no socket.
  static result<std::unique_ptr<unix_listener>> open(const std::string& address, bool any_user);

  unix_listener(file socket, std::string address);
  unix_listener(const unix_listener&) = delete;
  unix_listener& operator=(const unix_listener&) = delete;
  // Removes its file, unless another has taken its place.
  ~unix_listener();

  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }

 private:
  // Lets everybody connect who gets to its file.
  [[nodiscard]] status admit_all() const;

  const file socket_;
  const std::string address_;
  uint64_t inode_ = 0;  // of the file
};

// ENOENT, ECONNREFUSED: nobody listens there. EAGAIN: too many wait there already. ENOTSOCK: the file is no socket.
result<file> connect_unix(const std::string& address);

// EACCES of getsockopt(SO_PEERCRED): the other side is neither our effective user nor root.
status check_peer(int socket);

}  // namespace hugepages
