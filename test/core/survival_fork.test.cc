// survival in children of fork(2), and where a child finds no memory at all.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "support/child.h"
#include "support/survival.h"

using namespace hugepages;
using namespace hugepages::test;

TEST_CASE("survival: a write that finds no page for its copy after a fork keeps the content, in the child and in the parent") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  for (const bool child_writes : {true, false}) {
    CAPTURE(child_writes);
    auto request = unreserved(1);
    request.inherit_on_fork = true;
    const mapping made = map(request);
    const auto survives = survive_on(made);
    const range all = made.usable();
    std::memset(all.pointer(), 7, all.length);
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const auto write_one = [&] {
      byte_at(all, 4096) = 9;
      return byte_at(all, 0) == 7 && byte_at(all, 4095) == 7 && byte_at(all, 4096) == 9 && byte_at(all, huge_page - 1) == 7;
    };
    const auto in_child = [&] {
      survive_again();
      char byte = 0;
      if (!child_writes) return read(ends[0], &byte, 1) == 1 && byte_at(all, 4096) == 7 ? 0 : 1;
      return write_one() && survives->count() == 1 ? 0 : 2;
    };
    const auto in_parent = [&] {
      if (!child_writes) CHECK(write_one());
      CHECK(write(ends[1], "", 1) == 1);
    };
    CHECK(fate_of_child(in_child, in_parent) == success);
    CHECK(survives->count() == (child_writes ? 0 : 1));
    CHECK(byte_at(all, 4096) == (child_writes ? 7 : 9));
    for (const int end : ends) close(end);
  }
}

TEST_CASE("survival: a child whose page the parent took back dies, and reads no zeros instead of its data") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  map_request request = request_for(backing_kind::hugetlb, 1);
  request.inherit_on_fork = true;
  const mapping made = map(request);  // with a reservation: the kernel has it take pages back from children
  const auto survives = survive_on(made);
  touch(made.usable(), huge_page, 7);
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  CHECK(fate_of_child(
            [&] {
              survive_again();
              char byte = 0;
              return read(ends[0], &byte, 1) == 1 ? byte_at(made.usable(), 0) : 100;
            },
            [&] {
              byte_at(made.usable(), 0) = 8;
              CHECK(write(ends[1], "", 1) == 1);
            }) == bus_error);
  CHECK(byte_at(made.usable(), 0) == 8);
  for (const int end : ends) close(end);
}

TEST_CASE("survival: where no memory can be laid either, the process dies by SIGBUS") {
  const pool exact(huge_page, 0);
  if (!exact) return;
  auto request = unreserved(1, true);
  request.inherit_on_fork = true;
  const mapping made = map(request);
  const auto survives = survive_on(made);
  CHECK(fate_of_child([&] {
          survive_again();
          const rlimit nothing{0, 0};
          setrlimit(RLIMIT_DATA, &nothing);
          return byte_at(made.usable(), 0);
        }) == bus_error);
}
