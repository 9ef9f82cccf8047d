#include "core/pagemap_file.h"

#include <doctest/doctest.h>

#include <climits>
#include <csignal>
#include <vector>

#include "core/page_entry.h"
#include "support/child.h"
#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

std::vector<unsigned> states(pid_t process, const std::vector<range>& parts, size_t page_size) {
  const auto read = read_page_entries(process, parts, page_size, never_stops);
  REQUIRE(outcome(read) == "ok");
  std::vector<unsigned> found;
  for (const uint64_t bits : read.value()) found.push_back(page_entry(bits).state() & ~page_soft_dirty);
  return found;
}

}  // namespace

TEST_CASE("pagemap_file: one entry for each page of several ranges") {
  for_each_kind(6, [](const map_request& request) {
    const mapping made = map(request);
    const size_t page = request.page_size;
    const uintptr_t start = made.usable().start;
    touch({start + page, page}, page);
    touch({start + 5 * page, page}, page);
    const unsigned own = page_present | page_exclusive;
    CHECK(states(getpid(), {{start, 2 * page}, {start + 5 * page, page}}, page) == std::vector<unsigned>{0, own, own});
    CHECK(states(0, {{start + 2 * page, 0}}, page).empty());
  });
}

TEST_CASE("pagemap_file: of another process") {
  map_request request = request_for(backing_kind::base, 2);
  request.inherit_on_fork = true;
  const mapping made = map(request);
  touch({made.usable().start, base_page_size()}, base_page_size());
  const pid_t parent = getpid();
  CHECK(fate_of_child([&] {
          touch(made.usable(), base_page_size());
          const auto read = read_page_entries(parent, {made.usable()}, base_page_size(), never_stops);
          if (!read.ok()) return 1;
          return page_entry(read.value()[0]).present() && !page_entry(read.value()[1]).present() ? 0 : 2;
        }) == success);
}

TEST_CASE("pagemap_file: of nobody") {
  const range somewhere{base_page_size(), base_page_size()};
  CHECK(outcome(read_page_entries(INT_MAX, {somewhere}, base_page_size(), never_stops)) == "open(/proc/PID/pagemap): ENOENT");
}

TEST_CASE("pagemap_file: a process that ends while it is read") {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const auto opened = pagemap_file::open(child);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  REQUIRE(outcome(opened) == "ok");
  uint64_t entry = 0;
  CHECK(outcome(opened.value().read(base_page_size(), &entry, 1)) == "pread(/proc/PID/pagemap): ESRCH");
}

TEST_CASE("pagemap_file: a process that becomes another program") {
  int ready[2];
  REQUIRE(pipe2(ready, O_CLOEXEC) == 0);
  const pid_t child = fork();
  if (child == 0) {
    (void)raise(SIGSTOP);
    execl("/bin/sleep", "sleep", "60", nullptr);
    _exit(1);
  }
  close(ready[1]);
  waitpid(child, nullptr, WUNTRACED);
  const auto opened = pagemap_file::open(child);
  REQUIRE(outcome(opened) == "ok");
  CHECK(outcome(opened.value().check_alive()) == "ok");
  kill(child, SIGCONT);
  char none = 0;
  CHECK(read(ready[0], &none, 1) == 0);  // execve(2) closes the other end
  CHECK(outcome(opened.value().check_alive()) == "pread(/proc/PID/pagemap): ESRCH");
  close(ready[0]);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_CASE("pagemap_file: past the end of what can be mapped there is nothing to read") {
  const auto opened = pagemap_file::open(0);
  REQUIRE(outcome(opened) == "ok");
  uint64_t entry = 0;
  CHECK(outcome(opened.value().read(uintptr_t{1} << 60U, &entry, 1)) == "pread(/proc/PID/pagemap): ESRCH");
}

TEST_CASE("pagemap_file: parts of huge pages, an odd number of them") {
  if (!needs_root("reading page frame numbers")) return;
  const pool exact(huge_page, 3);
  if (!exact) return;
  const mapping made = map(request_for(backing_kind::hugetlb, 3));
  touch(made.usable(), huge_page);
  const auto opened = pagemap_file::open(0);
  REQUIRE(outcome(opened) == "ok");
  const size_t base = base_page_size();
  for (const range part : {made.usable(), range{made.usable().start + 3 * base, 2 * huge_page}, range{made.usable().start + base, base}}) {
    uintptr_t next = part.start;
    const auto visited = opened.value().visit_pages(part, huge_page, never_stops, [&](range page, uint64_t entry) {
      CHECK(page.start == next);
      uint64_t expected = 0;
      CHECK(outcome(opened.value().read(page.start, &expected, 1)) == "ok");
      CHECK(entry == expected);
      next = page.end();
    });
    CHECK(outcome(visited) == "ok");
    CHECK(next == part.end());
  }
}

TEST_CASE("pagemap_file: reading can be stopped") {
  const pool exact(huge_page, 1);
  if (!exact) return;
  const mapping made = map(request_for(backing_kind::hugetlb, 1));
  const stop_flag at_once{true};
  CHECK(outcome(read_page_entries(0, {made.usable()}, huge_page, at_once)) == "pread(/proc/PID/pagemap): ECANCELED");
}
