// The hugetlb pools as sysfs shows them, and a pool of a known size for one test.
#pragma once

#include <doctest/doctest.h>

#include <ostream>
#include <string>

#include "kernel_file.h"
#include "needs.h"

namespace hugepages::test {

constexpr size_t huge_page = size_t{2} << 20;
constexpr size_t gigantic_page = size_t{1} << 30;

// Pages, or a change in pages.
struct counters {
  long total = 0;
  long free = 0;
  long reserved = 0;
  long surplus = 0;
};

inline bool operator==(const counters& left, const counters& right) {
  return left.total == right.total && left.free == right.free && left.reserved == right.reserved && left.surplus == right.surplus;
}

inline std::ostream& operator<<(std::ostream& out, const counters& of) {
  return out << "{total " << of.total << ", free " << of.free << ", reserved " << of.reserved << ", surplus " << of.surplus << "}";
}

// Exactly `pages` persistent pages, all free, until the end of the scope; by then the test must have given back what it took.
class pool {
 public:
  pool(size_t page_size, long pages)
      : directory_("/sys/kernel/mm/hugepages/hugepages-" + std::to_string(page_size / 1024) + "kB/"), pages_(pages) {
    const auto earlier = read_line(directory_ + "nr_hugepages");
    const std::string kind = std::to_string(page_size / 1024) + " kB pages";
    if (!needs(earlier.has_value(), obstacle::machine, "no pool of " + kind) || !needs_root("changing a pool")) return;
    earlier_ = *earlier;
    write_value(directory_ + "nr_hugepages", std::to_string(pages));
    // Memory in pieces large enough for gigantic pages may be gone since the machine started.
    const auto shortage = page_size == gigantic_page ? obstacle::machine : obstacle::run;
    const counters found = read();
    CAPTURE(found);
    ready_ = needs(found == at_start(), shortage, "a pool of " + std::to_string(pages) + " free " + kind + " was not granted");
  }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;
  ~pool() {
    if (ready_) CHECK(change() == counters{});
    if (!earlier_.empty()) CHECK(write_value(directory_ + "nr_hugepages", earlier_));
  }

  // False: the test has been skipped.
  explicit operator bool() const { return ready_; }

  // Persistent pages from now on. Those in use beyond that become surplus, and leave when they are freed.
  void set(long pages) const { REQUIRE(write_value(directory_ + "nr_hugepages", std::to_string(pages))); }

  // Since the pool was made.
  [[nodiscard]] counters change() const {
    const counters now = read();
    return {now.total - pages_, now.free - pages_, now.reserved, now.surplus};
  }

 private:
  [[nodiscard]] counters at_start() const { return {pages_, pages_, 0, 0}; }
  [[nodiscard]] counters read() const {
    return {value("nr_hugepages"), value("free_hugepages"), value("resv_hugepages"), value("surplus_hugepages")};
  }
  [[nodiscard]] long value(const char* name) const { return std::stol(read_line(directory_ + name).value_or("-1")); }

  std::string directory_;
  long pages_;
  std::string earlier_;
  bool ready_ = false;
};

}  // namespace hugepages::test
