// Two ends of a connected Unix socket, without waiting.
#pragma once

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <utility>
#include <vector>

#include "core/file.h"

namespace hugepages::test {

class socket_pair {
 public:
  socket_pair() {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
    for (const int end : ends) ends_.emplace_back(end);
  }

  [[nodiscard]] int near() const { return ends_.back().descriptor(); }
  [[nodiscard]] int far() const { return ends_.front().descriptor(); }
  void close_near() { ends_.pop_back(); }

 private:
  std::vector<file> ends_;
};

}  // namespace hugepages::test
